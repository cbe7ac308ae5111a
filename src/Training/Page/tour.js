// A guided tour in five steps, each of which sets the controls.
import { element, emphasized, number, percent } from "./elements.js";
import { inputOf, lastWithParameters, run, smallestWins } from "./network.js";
import { readingOf } from "./outputs.js";

const hasPrototypes = network => network.prototypes.length > 0;
const isOfL2 = network => hasPrototypes(network) && network.layers[lastWithParameters(network)].kind.startsWith("offset-l2");
const isDistance = network => network.representation.reading === "distance";
const isIntensity = network => network.representation.reading === "intensity";
const hasHidden = network => network.hidden.length > 0;
const isOfReLU = network => isIntensity(network) && hasHidden(network) && network.layers.some(layer => layer.kind === "relu");
const isDistanceWithHidden = network => isDistance(network) && hasHidden(network);

/** How a text names the networks that are shown. */
const nameOf = (network, shown) =>
  shown.length === 1 ? "this network" : shown.indexOf(network) === 0 ? "the first network" : "the second network";
const capital = text => text[0].toUpperCase() + text.slice(1);

/** Says that one of two networks lacks what a step is about. */
function without(shown, has, what) {
  const lacking = shown.find(network => !has(network));
  return lacking ? `${capital(nameOf(lacking, shown))} has no ${what}. ` : "";
}

const meanOf = values => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const meanSize = values => meanOf(Array.from(values, Math.abs));

/** What the nodes of a network's last hidden layer compute of the layer before. */
function nodesOf(network, shown) {
  const { sums } = network.hidden.at(-1), layer = network.layers[sums];
  const before = sums === 0 ? "the pixels of the image" : "the values of the layer before";
  return `Each hidden node of ${nameOf(network, shown)} ` + (layer.mu ? `measures how far ${before} are from its prototype μ. `
    : layer.offset ? `adds up how far ${before} are from its offsets, each with its weight: orange is above 0, blue below. `
      : `adds up ${before}, each with its weight: orange counts for, blue against. `);
}

/** Which networks know the test image that is shown; nothing where there is none. */
function knowing(panels, label) {
  if (label === null) return "";
  const shown = panels.map(panel => panel.network);
  const answering = panels.filter(({ network, result }) => !network.isDead && !result.isTied);
  if (answering.length === 2 && answering.every(({ result }) => result.answer === label)) {
    return `Both networks know this ${label}. `;
  }
  const said = answering.map(({ network, result }) => nameOf(network, shown) +
    (result.answer === label ? ` knows this ${label}` : ` takes this ${label} for a ${result.answer}`));
  return said.length === 0 ? "" : `${capital(said.join(", and "))}. `;
}

/** What limits from below and from above do to a network with a hidden layer. */
function borne(network, shown) {
  const { below, above } = network.hidden.at(-1);
  return `In the mean over the places of its slider, a limit from below leaves ${nameOf(network, shown)} ` +
    `${percent(meanOf(below))} of the test images right, one from above ${percent(meanOf(above))}. `;
}

/** How many of all networks know an image. */
function knowers(page, pixels, label) {
  if (label === null) return "";
  const knows = ({ answer, isTied }) => answer === label && !isTied;
  const right = page.networks.filter(network => !network.isDead && knows(run(network, pixels))).length;
  const { length } = page.networks;
  return length === 1 ? `The network ${right ? "still knows it" : "does not know it"}. `
    : `${right} of the ${length} networks of this page know it. `;
}

/** Where the prototype of output 0 lies beside what its layer gets of this image, and what lies near the prototypes. */
function placeOfPrototypes({ network, result }, shown) {
  const index = lastWithParameters(network), layer = network.layers[index], x = inputOf(result, index);
  const mu = layer.mu.subarray(0, layer.inputs), isFar = meanSize(x) > 10 * meanSize(mu);
  const what = index === 0 ? "the image" : "the hidden layer", isL2 = isOfL2(network);
  const sizes = `${number(meanSize(mu))} in the mean size of its values, and what the layer gets of this image ` +
    `${number(meanSize(x))}`;
  const ink = images => meanOf(network.prototypes.map(prototype => meanOf(prototype[images].map(image => meanOf(image.pixels)))));
  const near = ink("nearest"), far = ink("farthest");
  return `${isL2 ? "OffsetL2" : "OffsetL1"} in ${nameOf(network, shown)} measures how far ${what} is from a prototype μ for ` +
    `each digit${isL2 ? "" : ", as a weighted sum of differences"}. Output 0 is open: its prototype has ${sizes}. ` + (isFar
    ? "So it lies close to 0, and what the layer measures is, above all, a weighted *size*. " +
      (isL2 ? "The slope of a distance is the same however long the way is: a step of plain gradient descent at the paper's " +
        "learning rate of 0.001 moves a prototype whose weights are about 1 by at most about 0.001. " : "")
    : "So it does not lie close to 0: where it is matters for what the layer measures. ") +
    `The test images nearest to the prototypes have ${percent(near / 255)} of the ink of an all-white image, the farthest ` +
    `${percent(far / 255)}. Open other outputs, and compare their images.`;
}

/**
 * The steps. `networks` are, for each panel, what it should show, best first; `holds` says of the networks shown whether the
 * step has something to show, else `missing` is said; `text` is made when the controls are set.
 */
const stops = [
  {
    title: "What does a node measure?",
    networks: [[isOfReLU, hasHidden], [isDistanceWithHidden, hasHidden]], digit: 3,
    holds: shown => shown.some(hasHidden),
    text: ({ shown }) => without(shown, hasHidden, "hidden layer") + nodesOf(shown.find(hasHidden), shown) +
      "The rows below the strip show where test images of each digit fall along the open node, and the line is this image. " +
      "Move the slider *Node* and look for a node that sets one digit apart from the others. Is that digit at the far end, or " +
      "at 0?",
    missing: "No network of this page has a hidden layer: its only nodes are the outputs, which read the pixels. One output " +
      "is open, and shows what each pixel adds to it.",
    set: panels => panels.forEach(panel => {
      if (panel.hidden) panel.hidden.open(panel.hidden.best);
      else panel.openOutput(0);
    }),
  },
  {
    title: "Large, or small?",
    networks: [[isDistance], [isIntensity]], digit: 7,
    holds: shown => shown.some(isDistance) && (shown.length === 1 || shown.some(isIntensity)),
    text: ({ panels, shown, label }) => knowing(panels, label) + shown.map(network =>
      `The outputs of ${nameOf(network, shown)} ${readingOf(network)}. ` + (network.isDead ? ""
        : `Its answer is the *${smallestWins(network) ? "smallest" : "largest"}* of them` +
          `${smallestWins(network) ? ", which the negation makes the largest" : ""}. `)).join("") +
      "Draw another digit, and watch which bars grow. The line below the bars says the same of all test images.",
    missing: "This page does not hold both, a network whose outputs measure distance and one whose outputs measure " +
      "intensity. ",
    goesOn: true,
  },
  {
    title: "Break it",
    networks: [[isOfReLU, hasHidden], [isDistanceWithHidden, hasHidden]], digit: 4,
    holds: shown => shown.some(hasHidden),
    text: ({ shown }) => without(shown, hasHidden, "hidden layer to break") +
      "No hidden node may now be below a tenth of the layer's range. Move *No node below* up and down until the answers " +
      "change: the curves show what becomes of the accuracy. Then set it free, and move *No node above* instead. " +
      shown.filter(hasHidden).map(network => borne(network, shown)).join(""),
    missing: "No network of this page has a hidden layer, whose nodes could be held above or below a limit. A page of a " +
      "model with one, such as Abs-L2-Neg, has two sliders here that do so.",
    set: panels => panels.forEach(panel => { panel.limits?.set(10, 100, false); panel.show(); }),
  },
  {
    title: "What does nothing look like?",
    networks: [[hasPrototypes], [isDistance]], digit: 5, darken: 90,
    holds: (shown, page) => page.networks.some(network => !network.isDead),
    text: ({ page, input, label }) => "The image has a tenth of its brightness now, as the slider *Darken* says. " +
      knowers(page, input.pixels.map(pixel => 0.1 * pixel), label) + "Move the slider to the end: nothing is left, and a " +
      "network must still answer. The table at the end of the page has the answers on the way. What is nothing taken for? " +
      "Erase parts of the digit with the rubber, too.",
    missing: "All networks of this page are dead: they give every image the same answer, and so the black one.",
  },
  {
    title: "Where do the prototypes lie?",
    networks: [[isOfL2, hasPrototypes], [isOfL2, hasPrototypes, isDistance]], digit: 0,
    holds: shown => shown.some(hasPrototypes),
    text: ({ panels, shown }) => placeOfPrototypes(panels.find(panel => hasPrototypes(panel.network)), shown),
    missing: "This page holds no network with prototypes: make one from a model with OffsetL2, such as Abs-L2-Neg.",
    set: panels => { if (hasPrototypes(panels[0].network)) panels[0].openOutput(0); },
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
    const shown = [];
    this.panels.forEach((panel, n) => {
      const free = this.page.networks.filter(network => !shown.includes(network));
      const wanted = step.networks[n].find(trait => free.some(trait));
      shown.push(wanted ? free.find(wanted) : free[0]);
      panel.choose(shown[n]);
    });
    if (this.input.images.length > 0) this.input.takeImage(this.input.images[0]);
    step.set?.(this.panels);
    const { page, input, panels } = this, holds = step.holds(shown, page);
    this.text.replaceChildren(...emphasized((holds ? "" : step.missing) +
      (holds || step.goesOn ? step.text({ page, input, panels, shown, label: input.label }) : "")));
    this.title.focus({ preventScroll: true });
  }
}
