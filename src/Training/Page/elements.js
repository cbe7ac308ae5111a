// Elements of the page, and numbers in words.

/** An element of HTML with attributes, listeners (names that begin with "on") and what is inside it. */
export function element(name, attributes = {}, ...inside) {
  return fill(document.createElement(name), attributes, inside);
}

/** The same for SVG. */
export function drawing(name, attributes = {}, ...inside) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, inside);
}

function fill(made, attributes, inside) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
}

/** What is inside an element with a text in which *words* are emphasized. */
export function emphasized(text) {
  return text.split("*").map((part, n) => n % 2 ? element("em", {}, part) : part);
}

let ids = 0;

/** A slider with its label, and its value in words behind it. */
export function slider(label, limits, inWords, changed) {
  const id = `slider-${++ids}`;
  const said = element("output", { for: id });
  const input = element("input", { type: "range", id, ...limits, oninput: () => { show(); changed(Number(input.value)); } });
  const show = () => {
    said.textContent = inWords(Number(input.value));
    input.setAttribute("aria-valuetext", said.textContent);
  };
  const row = element("div", { class: "slider" }, element("label", { for: id }, label), input, said);
  show();
  return { row, set(value) { input.value = value; show(); }, get value() { return Number(input.value); } };
}

/** A box to tick, with its label. */
export function checkBox(label, changed) {
  const input = element("input", { type: "checkbox", onchange: () => changed(input.checked) });
  return { row: element("label", { class: "check" }, input, label), input };
}

/** A choice of one among several, with its label; options are [value, text]. */
export function choice(label, options, changed) {
  const input = element("select", { onchange: () => changed(input.value) },
    ...options.map(([value, text]) => element("option", { value }, text)));
  return { row: element("label", { class: "choice" }, element("span", {}, label), input), input };
}

/** A number as it stands beside bars. */
export function number(value) {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
  return text.replace("-", "−");
}

/** A share in percent. */
export function percent(share, digits = 0) {
  return `${(100 * share).toFixed(digits)} %`;
}
