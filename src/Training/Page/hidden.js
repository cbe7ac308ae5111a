// The hidden layer as a strip of nodes, and one node opened.
import { choice, element, number, slider } from "./elements.js";
import { contributions, inputOf } from "./network.js";
import { barStrip, classHistogram, signedPicture } from "./pictures.js";

const pictureNames = {
  weight: "Weights", mu: "Prototype μ", alpha: "Weights α", offset: "Offsets c", added: "What each input adds",
};

/** A hidden layer: what the last layer reads, behind its activation function. */
export class HiddenLayer {
  constructor(network, hidden, page, choose, chooseLayer) {
    this.network = network;
    this.hidden = hidden;
    this.page = page;
    this.choose = choose;
    this.sums = network.layers[hidden.sums];
    const nodes = this.sums.outputs;
    this.strip = barStrip(nodes, "Activations of the hidden nodes", node => this.open(node));
    this.slider = slider("Node", { min: 0, max: nodes - 1 }, node => String(node), node => this.open(node));
    this.best = hidden.separation.indexOf(Math.max(...hidden.separation));
    const best = element("button", { type: "button", onclick: () => this.open(this.best) }, "Best separator");
    const layers = choice("Layer", network.hidden.map((other, at) => [at, network.layers[other.index].text]), chooseLayer);
    layers.input.value = network.hidden.indexOf(hidden);
    this.histogram = classHistogram(page.classes, hidden.bins, "Where images of each class fall along the node");
    this.here = element("p", { class: "small" });
    this.pictures = Object.keys(pictureNames).filter(name => this.sums[name]).map(name => this.pictureOf(name));
    this.added = this.pictureOf("added");
    const text = network.layers.slice(hidden.sums, hidden.index + 1).map(layer => layer.text).join(" > ");
    this.part = element("section", {},
      element("h3", {}, "Hidden layer"),
      ...network.hidden.length > 1 ? [layers.row] : [],
      element("p", { class: "caption" }, `${nodes} nodes of ${text} on this image; a click opens one`),
      this.strip.strip,
      element("div", { class: "controls" }, this.slider.row, best),
      element("div", { class: "node" },
        element("div", { class: "weights" }, ...this.pictures.map(picture => picture.part), this.added.part),
        element("div", { class: "classes" },
          element("p", { class: "caption" }, "Where test images of each class fall along it"), this.histogram.svg)),
      this.here);
    this.node = this.best;
  }

  pictureOf(name) {
    const { inputs } = this.sums, label = `${pictureNames[name]} of the node`;
    const caption = element("p", { class: "caption" }, pictureNames[name]);
    if (this.hidden.sums > 0 || inputs !== this.page.width * this.page.height) {
      const strip = barStrip(inputs, label);
      return { name, show: strip.show, part: element("div", {}, caption, strip.strip) };
    }
    const picture = signedPicture(this.page.width, this.page.height, label);
    return { name, show: picture.show, part: element("div", {}, caption, picture.canvas) };
  }

  /** Opens a node. */
  open(node) {
    this.node = node;
    this.slider.set(node);
    this.strip.mark(node);
    const { inputs } = this.sums, { bins, counts } = this.hidden, size = bins * this.page.classes;
    for (const picture of this.pictures) picture.show(this.sums[picture.name].subarray(node * inputs, (node + 1) * inputs));
    this.histogram.show(counts.subarray(node * size, (node + 1) * size));
    this.choose(node);
  }

  show(result) {
    const activations = result.outputs[this.hidden.index], sum = result.outputs[this.hidden.sums][this.node];
    this.strip.show(activations);
    this.added.show(contributions(this.sums, inputOf(result, this.hidden.sums), this.node));
    const { lowest, highest, separation } = this.hidden;
    this.histogram.mark((sum - lowest[this.node]) / (highest[this.node] - lowest[this.node] || 1), result.answer);
    const between = this.network.layers.slice(this.hidden.sums + 1, this.hidden.index + 1).map(layer => layer.text).join(", ");
    this.here.textContent = `Node ${this.node} makes ${number(sum)} of this image` +
      (between ? ` and, after ${between}, ${number(activations[this.node])}. ` : ". ") +
      `The class explains ${Math.round(100 * separation[this.node])} % of how it varies.`;
  }
}
