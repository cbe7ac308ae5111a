// Puts the page together.
import { readPage } from "./data.js";
import { element } from "./elements.js";
import { Fading } from "./fading.js";
import { imageOf } from "./image.js";
import { Input } from "./input.js";
import { run } from "./network.js";
import { Panel } from "./panel.js";
import { Tour } from "./tour.js";

const page = await readPage();
for (const network of page.networks) Object.assign(network, { width: page.width, height: page.height });

const first = page.networks.find(network => network.representation.reading === "distance") ?? page.networks[0];
const second = page.networks.find(network => network !== first && network.representation.reading === "intensity") ??
  page.networks.find(network => network !== first);
const panels = [new Panel(page, "Network", first), ...second ? [new Panel(page, "beside it", second)] : []];
const fading = new Fading(page.networks);

let waiting = 0, times = [];
const input = new Input(page, (pixels, label, bright) => {
  panels.forEach(panel => panel.show(pixels, label));
  input.answers.replaceChildren(...panels.flatMap(panel =>
    [`${panel.network.title}: `, element("b", {}, panel.answer.textContent), element("br")]));
  times = [...times, ...panels.map(panel => panel.milliseconds)].slice(-50);
  const mean = times.reduce((sum, time) => sum + time) / times.length;
  input.time.textContent = mean < 0.1 ? "less than 0.1 ms" : `${mean.toFixed(1)} ms`;
  // All networks at all steps are too much for every point of a stroke.
  clearTimeout(waiting);
  waiting = setTimeout(() => fading.show(bright), 60);
});

const tour = new Tour(page, input, panels);
document.getElementById("begin").append(tour.begin);
document.getElementById("tour").append(tour.box);
document.getElementById("page").append(
  element("div", { class: `columns${second ? "" : " single"}` }, input.part, ...panels.map(panel => panel.part)), fading.part);
document.getElementById("waiting").remove();

input.offer(page.labels[0]);
if (input.images.length > 0) input.takeImage(input.images[0]);
else input.update();

// Pictures of weights have the colors of the page.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
  () => panels.forEach(panel => panel.hidden?.open(panel.hidden.node)));

// For the console, and for tests: the logits of a network on an image of the page, and how a drawing becomes an image.
globalThis.distance = {
  page,
  imageOf,
  logits: (network, image) => Array.from(run(page.networks[network], page.images[image].pixels).logits),
};
