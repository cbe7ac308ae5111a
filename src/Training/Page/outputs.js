// The outputs of a network as what they are: distances or intensities; and each of them opened.
import { checkBox, element, emphasized, number, percent } from "./elements.js";
import { contributions, inputOf, lastWithParameters } from "./network.js";
import { barStrip, grayPicture, indexLine } from "./pictures.js";

const readings = {
  distance: "measure *distance*: small where the digit is theirs, large for all others. The shortest bar wins.",
  intensity: "measure *intensity*: large where the digit is theirs. The longest bar wins.",
  "leans to distance": "lean to *distance*: mostly smaller where the digit is theirs, but not all of them.",
  "leans to intensity": "lean to *intensity*: mostly larger where the digit is theirs, but not all of them.",
};

/** What the representation index of a network's outputs means, in a sentence. */
export function sentenceOn({ reading, mean }) {
  if (mean === null) return "Without images of every class nothing can be said of these outputs.";
  const what = readings[reading] ?? "tell *nothing by themselves*: one output is as large for its own digit as for " +
    "others. Only the comparison of all outputs of one image gives the answer.";
  return `The outputs ${what} An image of an output's digit has a larger value than one of another digit with probability ` +
    `*${mean.toFixed(2)}*.`;
}

/** The list of outputs of a network. */
export class Outputs {
  constructor(network, open) {
    this.network = network;
    this.zoomed = false;
    this.negated = network.representation.layer < network.layers.length - 1;
    this.rows = Array.from({ length: network.layers.at(-1).outputs }, (_, c) => this.rowOf(c, open));
    const zoom = checkBox("Zoom in on the differences", zoomed => { this.zoomed = zoomed; this.show(this.result); });
    const sentence = element("p", { class: "sentence" }, ...emphasized(sentenceOn(network.representation)));
    this.part = element("section", {},
      element("h3", {}, "Outputs"),
      element("div", {
        class: `outputs${this.negated ? " negated" : ""}`, role: "group", "aria-label": "Outputs; each can be opened",
      },
      element("div", { class: "row heads", "aria-hidden": "true" }, ...["", this.negated ? "before negation" : "output", "",
        ...this.negated ? ["after"] : [], "softmax"].map(text => element("span", {}, text))),
      ...this.rows.map(row => row.button)),
      zoom.row,
      sentence,
      indexLine(network.representation.index, `Representation index of each output: ${network.representation.index
        .map((index, c) => `${c}: ${index?.toFixed(2) ?? "none"}`).join(", ")}`));
  }

  rowOf(c, open) {
    const bar = element("span", { class: "bar" }), share = element("span", { class: "share" });
    const [value, logit, sure] = Array.from({ length: 3 }, () => element("span", { class: "figure" }));
    const button = element("button", { type: "button", class: "row", "aria-pressed": "false", onclick: () => open(c) },
      element("span", { class: "digit" }, String(c)), element("span", { class: "track" }, bar), value,
      ...this.negated ? [logit] : [], element("span", { class: "figure softmax" }, share, sure));
    return { button, bar, share, value, logit, sure };
  }

  choose(output) {
    this.rows.forEach((row, c) => row.button.setAttribute("aria-pressed", String(c === output)));
  }

  show(result) {
    this.result = result;
    const values = result.outputs[this.network.representation.layer];
    const smallest = Math.min(...values), largest = Math.max(...values);
    const lowest = this.zoomed ? smallest - 0.1 * (largest - smallest) : Math.min(0, smallest);
    const highest = this.zoomed ? largest : Math.max(0, largest);
    const place = value => 100 * (value - lowest) / (highest - lowest || 1);
    const zero = place(Math.min(Math.max(0, lowest), highest));
    this.rows.forEach((row, c) => {
      const at = place(values[c]);
      row.bar.style.left = `${Math.min(at, zero)}%`;
      row.bar.style.width = `${Math.abs(at - zero)}%`;
      row.value.textContent = number(values[c]);
      row.logit.textContent = number(result.logits[c]);
      row.sure.textContent = percent(result.probabilities[c]);
      row.share.style.width = percent(result.probabilities[c]).replace(" ", "");
      row.button.classList.toggle("answer", c === result.answer);
    });
  }
}

/** One output opened: what each hidden node adds to it, its parameters, and the images near to its prototype. */
export class OpenOutput {
  constructor(network, output) {
    this.network = network;
    this.output = output;
    this.index = lastWithParameters(network);
    this.layer = network.layers[this.index];
    const row = name => this.layer[name].subarray(output * this.layer.inputs, (output + 1) * this.layer.inputs);
    // α begins at 1, and what training makes of it is small.
    const names = { weight: "weights", mu: "prototype μ", alpha: "weights α − 1", offset: "offsets c" };
    const start = { alpha: 1 };
    this.sum = element("p", { class: "small" });
    this.terms = barStrip(this.layer.inputs, `What each input of the layer adds to output ${output}`);
    const strips = Object.keys(names).filter(name => this.layer[name]).map(name => {
      const strip = barStrip(this.layer.inputs, `${names[name]} of output ${output}`);
      const values = row(name).map(value => value - (start[name] ?? 0));
      strip.show(values);
      return element("div", {}, element("p", { class: "caption" },
        `${names[name]}: ${number(Math.min(...values))} to ${number(Math.max(...values))}`), strip.strip);
    });
    const prototype = network.prototypes[output];
    this.part = element("section", { class: "opened", "aria-live": "off" },
      element("h4", {}, `Output ${output}: what each node adds`),
      this.terms.strip, this.sum, ...strips,
      ...prototype ? [this.gallery("nearest to the prototype", prototype.nearest),
        this.gallery("farthest from it", prototype.farthest)] : []);
  }

  gallery(title, images) {
    return element("figure", { class: "gallery" },
      element("figcaption", { class: "caption" }, `Test images ${title}`),
      ...images.map(image => {
        const picture = grayPicture(this.network.width, this.network.height,
          `a ${image.label} at distance ${number(image.distance)}`);
        picture.show(image.pixels);
        return picture.canvas;
      }));
  }

  show(result) {
    const x = inputOf(result, this.index), added = contributions(this.layer, x, this.output);
    this.terms.show(added);
    const most = added.reduce((best, term, i) => Math.abs(term) > Math.abs(added[best]) ? i : best, 0);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const prototype = this.layer.mu?.subarray(this.output * this.layer.inputs, (this.output + 1) * this.layer.inputs);
    this.sum.textContent = `Node ${most} adds most, ${number(added[most])}. ` + (prototype
      ? `The layer gets ${number(Math.min(...x))} to ${number(Math.max(...x))} of this image, ${number(mean)} in the mean; the ` +
        `prototype lies between ${number(Math.min(...prototype))} and ${number(Math.max(...prototype))}.`
      : `The sum${this.layer.bias ? ", with the bias," : ""} is ${number(result.outputs[this.index][this.output])}.`);
  }
}
