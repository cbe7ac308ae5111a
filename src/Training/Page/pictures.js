// Pictures of numbers: images, weights, bars and curves.
import { drawing, element } from "./elements.js";

/** An image in grey. */
export function grayPicture(width, height, label) {
  const canvas = element("canvas", { width, height, role: "img", "aria-label": label, class: "pixels" });
  return {
    canvas,
    show: pixels => paint(canvas, at => { const gray = pixels[at]; return [gray, gray, gray]; }),
  };
}

/** Values with a sign: orange above 0, blue below, and the color of the page at 0. */
export function signedPicture(width, height, label) {
  const canvas = element("canvas", { width, height, role: "img", "aria-label": label, class: "pixels" });
  return {
    canvas,
    show(values) {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
      const [paper, below, above] = ["--paper", "--blue", "--vermilion"].map(colorOf);
      paint(canvas, at => {
        const color = values[at] < 0 ? below : above, part = Math.abs(values[at]) / largest;
        return paper.map((channel, c) => channel + (color[c] - channel) * part);
      });
    },
  };
}

function paint(canvas, colorAt) {
  const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
  for (let at = 0; at < canvas.width * canvas.height; at++) image.data.set([...colorAt(at), 255], 4 * at);
  context.putImageData(image, 0, 0);
}

function colorOf(variable) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  return [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16));
}

/** A strip of thin bars, one for each value, from a line at 0; one of them can be marked, and one chosen with the pointer. */
export function barStrip(count, label, choose = null) {
  const above = drawing("path", { class: "above" }), below = drawing("path", { class: "below" });
  const mark = drawing("rect", { class: "mark", width: 1, height: 100, y: 0, x: -2 });
  const strip = drawing("svg", {
    class: `strip${choose ? " choosable" : ""}`, viewBox: `0 0 ${count} 100`, preserveAspectRatio: "none", role: "img",
    "aria-label": label,
  }, mark, above, below);
  if (choose) {
    strip.addEventListener("click", event => {
      const place = strip.getBoundingClientRect();
      choose(Math.min(Math.floor((event.clientX - place.left) / place.width * count), count - 1));
    });
  }
  return {
    strip,
    mark: at => mark.setAttribute("x", at ?? -2),
    /** Shows values; `limits` are the lowest and highest of the strip, where they are not those of the values. */
    show(values, limits = null) {
      const lowest = Math.min(0, ...(limits ?? values)), highest = Math.max(0, ...(limits ?? values));
      const height = value => 100 * (highest - value) / (highest - lowest || 1), zero = height(0);
      const bars = chosen => Array.from(values, (value, i) => chosen(value)
        ? `M${i + 0.1} ${zero.toFixed(2)}V${Math.min(Math.max(height(value), 0), 100).toFixed(2)}h.8V${zero.toFixed(2)}z` : "");
      above.setAttribute("d", bars(value => value > 0).join(""));
      below.setAttribute("d", bars(value => value < 0).join(""));
    },
  };
}

/** The classes along a node: a row for each class, and a line where the image falls. */
export function classHistogram(classes, bins, label) {
  const width = 320, row = 18, left = 18, top = 6;
  const areas = Array.from({ length: classes }, () => drawing("path", { class: "area" }));
  const names = areas.map((_, c) => drawing("text", { x: 4, y: top + (c + 1) * row - 3 }, String(c)));
  const line = drawing("line", { class: "here", y1: 0, y2: top + classes * row });
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${top + classes * row + 2}`, role: "img", "aria-label": label },
    ...areas, ...names, line);
  const xOf = part => left + (width - left - 4) * part;
  return {
    svg,
    /** [classes · bins] from 0 to 255. */
    show: counts => areas.forEach((area, c) => {
      const base = top + (c + 1) * row - 2;
      const heights = counts.subarray(c * bins, (c + 1) * bins);
      const steps = Array.from(heights, (count, bin) =>
        `V${(base - (row + 2) * Math.sqrt(count / 255)).toFixed(1)}H${xOf((bin + 1) / bins).toFixed(1)}`);
      area.setAttribute("d", `M${xOf(0)} ${base}${steps.join("")}V${base}z`);
    }),
    /** Where the image falls, from 0 to 1, and the class that the network says. */
    mark(part, answer) {
      const x = xOf(Math.min(Math.max(part, 0), 1));
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
      areas.forEach((area, c) => area.classList.toggle("answer", c === answer));
    },
  };
}

/** Accuracy over the place of a clamp, from below and from above, and the places of both sliders. */
export function accuracyCurves(below, above, label) {
  const width = 320, height = 120, left = 30, bottom = 20, top = 8;
  const x = part => left + (width - left - 8) * part, y = share => top + (height - top - bottom) * (1 - share);
  const curve = (values, name) => drawing("polyline", {
    class: `curve ${name}`,
    points: values.map((share, step) => `${x(step / (values.length - 1)).toFixed(1)},${y(share).toFixed(1)}`).join(" "),
  });
  const grid = [0, 0.5, 1].flatMap(share => [
    drawing("line", { class: "grid", x1: x(0), x2: x(1), y1: y(share), y2: y(share) }),
    drawing("text", { x: left - 4, y: y(share) + 4, "text-anchor": "end" }, `${100 * share}`),
  ]);
  const ticks = [0, 0.5, 1].map(part =>
    drawing("text", { x: x(part), y: height - 5, "text-anchor": ["start", "middle", "end"][2 * part] }, `${100 * part} %`));
  const marks = ["from-below", "from-above"].map(name => drawing("circle", { class: `place ${name}`, r: 5 }));
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    ...grid, ...ticks, curve(below, "from-below"), curve(above, "from-above"), ...marks);
  const put = (mark, values, part) => {
    mark.setAttribute("cx", x(part));
    mark.setAttribute("cy", y(values[Math.round(part * (values.length - 1))]));
  };
  return { svg, mark(low, high) { put(marks[0], below, low); put(marks[1], above, high); } };
}

/** Points on a line from 0 to 1, one for each output. */
export function indexLine(indices, label) {
  const width = 320, x = index => 10 + (width - 20) * index;
  const dots = indices.map((index, c) => index === null ? [] : [
    drawing("circle", { class: "dot", cx: x(index), cy: 12, r: 4 }, drawing("title", {}, `output ${c}: ${index.toFixed(3)}`)),
  ]).flat();
  const ends = [["0 distance", 0, "start"], ["0.5", 0.5, "middle"], ["intensity 1", 1, "end"]].map(([text, at, anchor]) =>
    drawing("text", { x: at === 0 ? 4 : at === 1 ? width - 4 : x(at), y: 34, "text-anchor": anchor }, text));
  return drawing("svg", { viewBox: `0 0 ${width} 40`, role: "img", "aria-label": label },
    drawing("line", { class: "grid", x1: x(0), x2: x(1), y1: 12, y2: 12 }), ...dots, ...ends);
}
