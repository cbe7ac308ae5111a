// Breaking a network: all hidden nodes, or one, held above a lower limit or below an upper one.
import { checkBox, element, number, percent, slider } from "./elements.js";
import { accuracyCurves } from "./pictures.js";

/** The two limits of a hidden layer, and what they do to the accuracy on all test images. */
export class Limits {
  constructor(network, hidden, changed) {
    this.network = network;
    this.hidden = hidden;
    this.node = 0;
    const { lowest, highest } = hidden.range;
    this.valueAt = part => part === 1 ? highest : lowest + (highest - lowest) * part;
    const inWords = value => `${value} % (${number(this.valueAt(value / 100))})`;
    const limits = { min: 0, max: 100, value: 0 };
    this.low = slider("No node below", limits, inWords,
      () => { this.high.set(Math.max(this.high.value, this.low.value)); changed(); });
    this.high = slider("No node above", { ...limits, value: 100 }, inWords,
      () => { this.low.set(Math.min(this.low.value, this.high.value)); changed(); });
    this.single = checkBox("only the open node", changed);
    this.curves = accuracyCurves(hidden.below, hidden.above,
      "Accuracy in percent on all test images by the place of each limit");
    this.said = element("p", { class: "small" });
    const free = element("button", { type: "button", onclick: () => { this.set(0, 100, false); changed(); } }, "Set free");
    this.part = element("section", { class: "limits" },
      element("h3", {}, "Break it"),
      this.low.row, this.high.row, element("div", { class: "controls" }, this.single.row, free),
      element("p", { class: "caption" }, "Accuracy in % on all test images, limits in % of the layer's range: ",
        element("span", { class: "key from-below" }, "all from below"), " ",
        element("span", { class: "key from-above" }, "all from above")),
      this.curves.svg, this.said);
  }

  set(low, high, single) {
    this.low.set(low);
    this.high.set(high);
    this.single.input.checked = single;
  }

  /** What is done to the layer; null where the limits are those of its range. */
  get clamp() {
    const low = this.low.value, high = this.high.value;
    if (low === 0 && high === 100) return null;
    return {
      layer: this.hidden.index, node: this.single.input.checked ? this.node : null,
      lowest: low === 0 ? -Infinity : this.valueAt(low / 100), highest: high === 100 ? Infinity : this.valueAt(high / 100),
    };
  }

  show(result, free) {
    const low = this.low.value, high = this.high.value;
    this.curves.mark(low / 100, high / 100);
    const answers = result.answer === free.answer ? `The answer stays ${free.answer}.`
      : `The answer was ${free.answer} and is ${result.answer} now.`;
    const share = high === 100 ? this.hidden.below[low] : low === 0 ? this.hidden.above[high] : null;
    const all = share === null || this.single.input.checked ? "" : ` On all test images: ${percent(share, 1)} right.`;
    this.said.textContent = this.clamp ? `${answers}${all}` : `Untouched: ${percent(this.network.accuracy, 1)} of the test ` +
      "images right.";
  }
}
