// What every network of the page says of the image as it fades to black.
import { element, percent } from "./elements.js";
import { run } from "./network.js";

const brightnesses = Array.from({ length: 11 }, (_, step) => 1 - step / 10);

/** A table with a row for each network and a column for each brightness. */
export class Fading {
  constructor(networks) {
    this.rows = networks.map(network => {
      const cells = brightnesses.map(() => element("td"));
      return { network, cells, row: element("tr", {}, element("th", { scope: "row" }, network.title), ...cells) };
    });
    this.said = element("p", { class: "sentence" });
    this.part = element("section", { class: "fading", "aria-labelledby": "fading" },
      element("h2", { id: "fading" }, "What does nothing look like?"),
      element("p", {}, "The answers of all networks on this page while the image loses its brightness, down to a ",
        "black image. A network that asks how far away things are may find nothing close to something."),
      element("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Answers while the image fades" },
        element("table", {},
          element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "brightness"),
            ...brightnesses.map(step => element("th", { scope: "col" }, percent(step))))),
          element("tbody", {}, ...this.rows.map(row => row.row)))),
      this.said);
  }

  show(pixels) {
    const black = new Map();
    for (const { network, cells } of this.rows) {
      const answers = brightnesses.map(step => run(network, pixels.map(pixel => pixel * step)).answer);
      answers.forEach((answer, step) => {
        cells[step].textContent = answer;
        cells[step].classList.toggle("changed", answer !== answers[0]);
      });
      black.set(answers.at(-1), [...black.get(answers.at(-1)) ?? [], network.title]);
    }
    const ordered = [...black].sort(([a], [b]) => a - b);
    this.said.textContent = `Of a black image ${ordered.map(([answer, names]) =>
      `${list(names)} ${names.length === 1 ? "says" : "say"} ${answer}`).join("; ")}.`;
  }
}

function list(names) {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
