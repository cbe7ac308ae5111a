// A guided tour in five steps, each of which sets the controls.
import { element, emphasized } from "./elements.js";

const hasPrototypes = network => network.prototypes.length > 0;
const isForcedDistance = network => network.representation.reading === "distance";
const isIntensity = network => network.representation.reading === "intensity";
const isOfReLU = network => isIntensity(network) && network.layers.some(layer => layer.kind === "relu");

const stops = [
  {
    title: "What does a node measure?",
    text: "Each hidden node adds up the pixels of the image, each with its weight: orange counts for, blue against. The " +
      "rows below the strip show where images of each digit fall along the open node, and the line is this image. Move " +
      "the slider *Node* and look for a node that sets one digit apart from the others. Is that digit at the " +
      "far end, or at 0?",
    networks: [isOfReLU, isForcedDistance], digit: 3,
    set: panels => panels[0].hidden?.open(panels[0].hidden.best),
  },
  {
    title: "Large, or small?",
    text: "Both networks know the digit. The outputs of the first are distances: its answer is the *shortest* bar, " +
      "and a negation makes it the largest number. Those of the second are intensities: the longest bar wins. Draw " +
      "another digit, and watch which bars grow. The line below the bars says the same of all test images.",
    networks: [isForcedDistance, isIntensity], digit: 7,
  },
  {
    title: "Break it",
    text: "No hidden node may now be below a tenth of the layer's range. Move *No node below* up and down until the " +
      "answers change: the curves show what becomes of the accuracy. A value that is too large misleads all outputs. " +
      "Then set it free, and move *No node above* instead: the networks bear that for longer.",
    networks: [isOfReLU, isForcedDistance], digit: 4,
    set: panels => panels.forEach(panel => { panel.limits?.set(10, 100, false); panel.show(); }),
  },
  {
    title: "What does nothing look like?",
    text: "The digit is almost black now, as the slider *Darken* says, and most networks still know it: a fainter " +
      "image gives the same bars, only shorter. Move the slider to the end: nothing is left, and each network must still " +
      "answer. The table below has the answers of all networks on the way. Which of them take nothing for a faint, thin " +
      "digit, such as a 1? Erase parts of the digit with the rubber, too.",
    networks: [hasPrototypes, isForcedDistance], digit: 5, darken: 90,
  },
  {
    title: "Why the paper's prototypes never moved",
    text: "OffsetL2 measures how far the hidden layer is from a prototype μ for each digit. One output is open: its " +
      "prototype lies close to 0, where it was drawn before training, while what the layer gets is far larger. A step " +
      "of training moves it by at most about 0.001, and 5,000 steps do not bring it there. So the layer measures a " +
      "weighted size, and the test images nearest to *every* prototype are thin ones. Open other outputs, and " +
      "compare their images.",
    networks: [hasPrototypes, isForcedDistance], digit: 0,
    set: panels => { if (hasPrototypes(panels[0].network)) panels[0].openOutput(0); },
    missing: "This page holds no network with prototypes: make one from a model with OffsetL2, such as Abs-L2-Neg. ",
  },
];

/** The tour: a box that says what to do, and sets the controls. */
export class Tour {
  constructor(page, input, panels) {
    [this.page, this.input, this.panels] = [page, input, panels];
    this.title = element("h2", { tabindex: -1 });
    this.text = element("p");
    this.back = element("button", { type: "button", onclick: () => this.go(this.at - 1) }, "Back");
    this.next = element("button", { type: "button", class: "main", onclick: () => this.go(this.at + 1) }, "Next");
    const end = element("button", { type: "button", onclick: () => this.leave() }, "Leave the tour");
    this.box = element("section", { class: "tour", "aria-label": "Guided tour", hidden: true },
      this.title, this.text, element("div", { class: "controls" }, this.back, this.next, end));
    this.begin = element("button", { type: "button", class: "main", onclick: () => this.go(0) }, "Take the tour: five steps");
  }

  leave() {
    this.box.hidden = true;
    this.begin.hidden = false;
    this.begin.focus();
  }

  go(at) {
    if (at === stops.length) {
      this.leave();
      return;
    }
    const step = stops[this.at = at];
    this.box.hidden = false;
    this.begin.hidden = true;
    this.title.textContent = `${at + 1} of ${stops.length}: ${step.title}`;
    this.back.disabled = at === 0;
    this.next.textContent = at === stops.length - 1 ? "Done" : "Next";
    this.input.darken.set(step.darken ?? 0);
    this.input.offer(step.digit % this.page.classes);
    const taken = [];
    this.panels.forEach((panel, n) => {
      const free = this.page.networks.filter(network => !taken.includes(network));
      taken.push(free.find(step.networks[n]) ?? free[0]);
      panel.choose(taken[n]);
    });
    const lacks = step.missing && !step.networks[0](taken[0]);
    this.text.replaceChildren(...emphasized(`${lacks ? step.missing : ""}${step.text}`));
    if (this.input.images.length > 0) this.input.takeImage(this.input.images[0]);
    step.set?.(this.panels);
    this.title.focus({ preventScroll: true });
  }
}
