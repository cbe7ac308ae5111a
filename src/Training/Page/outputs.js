// The outputs of a network as what they are: distances or intensities; and each of them opened.
import { checkBox, element, emphasized, number, percent } from "./elements.js";
import { contributions, inputOf, lastWithParameters, smallestWins } from "./network.js";
import { barStrip, grayPicture, indexLine } from "./pictures.js";

const readings = {
  distance: "measure *distance*: small where the digit is theirs, large for all others",
  intensity: "measure *intensity*: large where the digit is theirs, small for all others",
  "leans to distance": "lean to *distance*: rather smaller where the digit is theirs",
  "leans to intensity": "lean to *intensity*: rather larger where the digit is theirs",
};

/** What the outputs of a network measure by their representation index, as the end of a sentence. */
export function readingOf({ isDead, representation: { reading, mean, index } }) {
  if (isDead) return "are *the same for all test images*: the network is dead";
  if (mean === null) return "have no index, as there are not test images of several classes";
  if (readings[reading]) return readings[reading];
  return index.some(value => value !== null && value <= 0.1) && index.some(value => value >= 0.9)
    ? "are *mixed*: some measure distance, others intensity"
    : "tell *nothing by themselves*: on average, an output is about as large for its own digit as for others";
}

/** What is to be said of the outputs of a network, in sentences. */
export function sentenceOn(network) {
  const { isDead, accuracy, representation: { reading, mean, index } } = network;
  const said = `The outputs ${readingOf(network)}. `;
  if (isDead) return `${said}Whatever it is shown, its answer is the same, and right by chance only.`;
  const guessing = 1 / index.length, right = `right for ${percent(accuracy, 1)} of the test images`;
  const comparison = accuracy < guessing + 0.1
    ? `The network hardly knows the digits: its answer is ${right}, and guessing would be for ${percent(guessing)}. `
    : reading in readings ? `The *${smallestWins(network) ? "smallest" : "largest"}* value wins. `
      : `Only the comparison of all outputs of one image gives the answer, which is ${right}. `;
  return said + comparison + (mean === null ? "" : "An image of an output's digit has a larger value than one of another " +
    `digit with probability *${mean.toFixed(2)}*${index.length > 1 ? ", in the mean of all outputs" : ""}.`);
}

/** The list of outputs of a network. */
export class Outputs {
  constructor(network, open) {
    this.network = network;
    this.zoomed = false;
    this.negated = network.representation.layer < network.layers.length - 1;
    this.rows = Array.from({ length: network.layers.at(-1).outputs }, (_, c) => this.rowOf(c, open));
    const zoom = checkBox("Zoom in on the differences", zoomed => { this.zoomed = zoomed; this.show(this.result); });
    const sentence = element("p", { class: "sentence" }, ...emphasized(sentenceOn(network)));
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
      element("h4", {}, `Output ${output}: what each ${this.index === 0 ? "pixel" : "node"} adds`),
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
    this.sum.textContent = `${this.index === 0 ? "Pixel" : "Node"} ${most} adds most, ${number(added[most])}. ` + (prototype
      ? `The layer gets ${number(Math.min(...x))} to ${number(Math.max(...x))} of this image, ${number(mean)} in the mean; the ` +
        `prototype lies between ${number(Math.min(...prototype))} and ${number(Math.max(...prototype))}.`
      : `The sum${this.layer.bias ? ", with the bias," : ""} is ${number(result.outputs[this.index][this.output])}.`);
  }
}
