// A network with everything that can be seen of it.
import { Limits } from "./breaking.js";
import { choice, element, percent } from "./elements.js";
import { HiddenLayer } from "./hidden.js";
import { run } from "./network.js";
import { OpenOutput, Outputs } from "./outputs.js";

/** One of the networks side by side. */
export class Panel {
  constructor(page, name, network) {
    this.page = page;
    this.pixels = new Float32Array(page.width * page.height);
    this.label = null;
    this.choice = choice(name, page.networks.map((other, at) => [at, other.title]), at => this.choose(page.networks[at]));
    this.text = element("p", { class: "caption layers" });
    this.answer = element("strong");
    this.verdict = element("span");
    this.body = element("div");
    this.part = element("article", { class: "panel", "aria-label": name },
      this.choice.row, this.text,
      element("p", { class: "said", role: "status" }, this.answer, this.verdict),
      this.body);
    this.choose(network);
  }

  choose(network) {
    this.network = network;
    this.choice.input.value = this.page.networks.indexOf(network);
    const { reading } = network.representation;
    this.part.dataset.measures = ["distance", "intensity"].find(word => reading?.endsWith(word)) ?? "nothing";
    this.text.textContent = `${network.text}; ${percent(network.accuracy, 1)} of the test images right`;
    this.outputs = new Outputs(network, output => this.openOutput(output));
    this.opened = element("div");
    this.openedOutput = null;
    this.layer = element("div");
    this.body.replaceChildren(this.outputs.part, this.opened, this.layer);
    this.openLayer(network.hidden.length - 1);
    this.show();
  }

  /** Opens one of the hidden layers, where there is one. */
  openLayer(at) {
    this.hidden = this.limits = null;
    this.layer.replaceChildren();
    if (at < 0) return;
    const hidden = this.network.hidden[at];
    this.limits = new Limits(this.network, hidden, () => this.show());
    this.hidden = new HiddenLayer(this.network, hidden, this.page,
      node => { this.limits.node = node; this.show(); }, other => { this.openLayer(Number(other)); this.show(); });
    this.layer.append(this.hidden.part, this.limits.part);
    this.hidden.open(this.hidden.best);
  }

  /** Opens an output, or closes it if it is open. */
  openOutput(output) {
    this.openedOutput = output === null || this.openedOutput?.output === output ? null : new OpenOutput(this.network, output);
    this.outputs.choose(this.openedOutput?.output);
    this.opened.replaceChildren(...this.openedOutput ? [this.openedOutput.part] : []);
    this.show();
  }

  /** Shows an image; the last one where none is given. */
  show(pixels = this.pixels, label = this.label) {
    [this.pixels, this.label] = [pixels, label];
    const begin = performance.now(), free = run(this.network, pixels), clamp = this.limits?.clamp;
    this.milliseconds = performance.now() - begin;
    const result = this.result = clamp ? run(this.network, pixels, clamp) : free;
    this.answer.textContent = result.answer;
    this.verdict.textContent = this.verdictOn(result, label);
    this.outputs.show(result);
    this.openedOutput?.show(result);
    this.hidden?.show(result);
    this.limits?.show(result, free);
  }

  verdictOn({ probabilities, answer, isTied }, label) {
    if (isTied) return "is no answer but only the first digit: all outputs are the same";
    const sure = `softmax ${percent(probabilities[answer])}`;
    if (this.network.isDead) return `${sure}, whatever the image: the network is dead`;
    if (label === null) return sure;
    return `${sure}, ${answer === label ? "right" : `wrong: it is a ${label}`}`;
  }
}
