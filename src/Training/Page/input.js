// Where images come from: the field, and the test images.
import { DrawingField, keys } from "./draw.js";
import { checkBox, element, slider } from "./elements.js";
import { box, imageOf } from "./image.js";
import { grayPicture } from "./pictures.js";

const shownOfAClass = 20;

/** The field, the test images, and what is done to both before the networks see them. */
export class Input {
  constructor(page, changed) {
    this.page = page;
    this.changed = changed;
    this.label = null;
    this.field = new DrawingField(() => { this.label = null; this.mark(null); this.update(); });
    this.seen = grayPicture(page.width, page.height, "What the networks see");
    this.tools = ["Pen", "Rubber"].map(name => element("button", {
      type: "button", "aria-pressed": String(name === "Pen"), onclick: () => this.take(name),
    }, name));
    const clear = element("button", { type: "button", onclick: () => this.clear() }, "Erase all");
    this.centered = checkBox("Center and scale the drawing", () => this.update());
    this.centered.input.checked = true;
    this.darken = slider("Darken", { min: 0, max: 100, value: 0 }, value => `${value} %`, () => this.update());
    this.time = element("span");
    this.answers = element("p", { class: "small answers" });
    this.digits = Array.from({ length: page.classes }, (_, c) => element("button", {
      type: "button", "aria-pressed": "false", "aria-label": `Test images of ${c}`, onclick: () => this.offer(c),
    }, String(c)));
    this.offered = element("div", { class: "offered", role: "group", "aria-label": "Test images" });
    this.part = element("section", { class: "input", "aria-labelledby": "draw" },
      element("h2", { id: "draw" }, "Draw a digit"),
      element("div", { class: "field" }, this.field.canvas,
        element("figure", {}, this.seen.canvas,
          element("figcaption", {}, element("span", { class: "caption" }, "what the networks see"), this.answers))),
      element("div", { class: "controls" }, ...this.tools, clear),
      this.darken.row,
      this.centered.row,
      element("details", {}, element("summary", {}, "How a drawing becomes an image"),
        element("p", { class: "small" }, "As in MNIST: the drawing is scaled, with its proportions, to fit into a box of " +
          `${Math.round(box * page.width)} × ${Math.round(box * page.height)} pixels, and moved so that its center of mass is ` +
          `the center of the ${page.width} × ${page.height} image. Test images are so already, and stay as they are when you ` +
          "erase parts of them.")),
      element("p", { class: "caption" }, `In the field, ${keys}.`),
      element("p", { class: "caption" }, "A pass of a network takes ", this.time, " here."),
      element("h3", {}, "Or take a test image"),
      element("div", { class: "digits", role: "group", "aria-label": "Digit" }, ...this.digits),
      this.offered);
  }

  take(tool) {
    this.field.erases = tool === "Rubber";
    this.tools.forEach(button => button.setAttribute("aria-pressed", String(button.textContent === tool)));
  }

  clear() {
    this.field.clear();
    this.take("Pen");
    this.centered.input.checked = true;
    this.label = null;
    this.mark(null);
    this.update();
  }

  /** Offers the test images of a class. */
  offer(digit) {
    this.digits.forEach((button, c) => button.setAttribute("aria-pressed", String(c === digit)));
    const images = this.page.images.filter(image => image.label === digit).slice(0, shownOfAClass);
    this.offered.replaceChildren(...images.map((image, n) => {
      const picture = grayPicture(this.page.width, this.page.height, `a ${digit}, number ${n + 1}`);
      picture.show(image.pixels);
      return element("button", { type: "button", "aria-pressed": "false", onclick: () => this.takeImage(image) }, picture.canvas);
    }));
    this.images = images;
  }

  /** Takes a test image. */
  takeImage(image) {
    this.field.load(image.pixels, this.page.width, this.page.height);
    this.centered.input.checked = false;
    this.label = image.label;
    this.mark(image);
    this.update();
  }

  mark(image) {
    [...this.offered.children].forEach((button, n) => button.setAttribute("aria-pressed", String(this.images[n] === image)));
  }

  /** Makes the image, and hands it on. */
  update() {
    const { width, height } = this.page, bright = 1 - this.darken.value / 100;
    this.pixels = imageOf(this.field.ink, this.field.side, width, height, this.centered.input.checked);
    const pixels = this.pixels.map(pixel => pixel * bright);
    this.seen.show(pixels);
    this.changed(pixels, this.label, this.pixels);
  }
}
