// The field to draw on, with mouse, touch, pen, or the keys.
import { element } from "./elements.js";
import { scaleOfField } from "./image.js";

const side = 280, penRadius = 11, rubberRadius = 20, keyStep = 8;

/** What the keys do in the field. */
export const keys = "arrow keys move the pen, with Shift they draw, with Control they erase, Delete erases everything";

/** A field of side × side points of ink from 0 to 1. */
export class DrawingField {
  constructor(changed) {
    this.side = side;
    this.ink = new Float32Array(side * side);
    this.erases = false;
    this.changed = changed;
    this.last = null;
    this.cursor = null;
    this.canvas = element("canvas", {
      width: side, height: side, tabindex: 0, role: "application",
      "aria-label": `Field to draw a digit: ${keys}`,
      onpointerdown: event => this.begin(event), onpointermove: event => this.move(event),
      onpointerup: () => this.end(), onpointercancel: () => this.end(), onkeydown: event => this.press(event),
      onblur: () => { this.cursor = null; this.paint(); },
    });
    this.paint();
  }

  clear() {
    this.ink.fill(0);
    this.paint();
  }

  /** Puts an image into the middle of the field, with its proportions. */
  load(pixels, width, height) {
    const scale = scaleOfField(side, width, height);
    for (let at = 0; at < this.ink.length; at++) {
      const x = at % side, y = (at - x) / side;
      const column = Math.floor((x + 0.5 - side / 2) * scale + width / 2);
      const row = Math.floor((y + 0.5 - side / 2) * scale + height / 2);
      const isInside = column >= 0 && column < width && row >= 0 && row < height;
      this.ink[at] = isInside ? pixels[row * width + column] / 255 : 0;
    }
    this.paint();
  }

  begin(event) {
    if (event.button > 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.placeOf(event);
    this.stroke(this.last, event);
  }

  move(event) {
    if (!this.last) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) this.stroke(this.placeOf(part), part);
  }

  end() {
    this.last = null;
  }

  placeOf(event) {
    const place = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - place.left) * side / place.width, y: (event.clientY - place.top) * side / place.height };
  }

  press(event) {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
      this.changed();
    } else if (direction) {
      event.preventDefault();
      this.last = this.cursor ?? { x: side / 2, y: side / 2 };
      const within = value => Math.min(Math.max(value, penRadius), side - penRadius);
      this.cursor = { x: within(this.last.x + keyStep * direction[0]), y: within(this.last.y + keyStep * direction[1]) };
      if (event.ctrlKey) this.rub(this.cursor);
      else if (event.shiftKey) this.stroke(this.cursor);
      else this.paint();
      this.last = null;
    }
  }

  /** Erases from the last place to another, whichever tool is taken. */
  rub(to) {
    const erased = this.erases;
    this.erases = true;
    this.stroke(to);
    this.erases = erased;
  }

  /** Draws, or erases, from the last place to another, in steps of a point. */
  stroke(to, event) {
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - this.last.x, to.y - this.last.y) / 2));
    const pressure = event?.pointerType === "pen" && event.pressure > 0 ? 0.6 + 0.8 * event.pressure : 1;
    for (let step = 1; step <= steps; step++) {
      const part = step / steps;
      this.dot(this.last.x + (to.x - this.last.x) * part, this.last.y + (to.y - this.last.y) * part,
        this.erases ? rubberRadius : penRadius * pressure);
    }
    this.last = to;
    this.paint();
    this.changed();
  }

  /** A round dot with a soft edge. */
  dot(x, y, radius) {
    const reach = Math.ceil(radius) + 1;
    for (let row = Math.max(Math.floor(y) - reach, 0); row < Math.min(y + reach, side); row++) {
      for (let column = Math.max(Math.floor(x) - reach, 0); column < Math.min(x + reach, side); column++) {
        const inside = Math.min(Math.max((radius - Math.hypot(column + 0.5 - x, row + 0.5 - y)) / 4 + 0.5, 0), 1);
        const at = row * side + column;
        this.ink[at] = this.erases ? Math.min(this.ink[at], 1 - inside) : Math.max(this.ink[at], inside);
      }
    }
  }

  paint() {
    const context = this.canvas.getContext("2d"), image = context.createImageData(side, side);
    this.ink.forEach((amount, at) => {
      image.data.fill(255 * amount, 4 * at, 4 * at + 3);
      image.data[4 * at + 3] = 255;
    });
    context.putImageData(image, 0, 0);
    if (!this.cursor) return;
    context.strokeStyle = "#F2833D";
    context.lineWidth = 2;
    context.beginPath();
    context.arc(this.cursor.x, this.cursor.y, penRadius, 0, 2 * Math.PI);
    context.stroke();
  }
}
