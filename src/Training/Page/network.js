// What a network computes. A layer with parameters adds up a term for each of its inputs; the others take each value by itself.

/** For each kind of layer what the inputs add to an output, whose row begins at a place of the layer's tensors. */
const terms = {
  "linear"({ weight }, x, row, into) {
    for (let i = 0; i < x.length; i++) into[i] = weight[row + i] * x[i];
  },
  "point-slope"({ weight, offset }, x, row, into) {
    for (let i = 0; i < x.length; i++) into[i] = weight[row + i] * (x[i] - offset[row + i]);
  },
  "offset-l1"({ alpha, mu }, x, row, into) {
    for (let i = 0; i < x.length; i++) into[i] = Math.abs(alpha[row + i] * (x[i] - mu[row + i]));
  },
  "offset-l2"({ alpha, mu }, x, row, into) {
    for (let i = 0; i < x.length; i++) into[i] = (alpha[row + i] * (x[i] - mu[row + i])) ** 2;
  },
  "offset-l2-reference"({ alpha, mu }, x, row, into) {
    for (let i = 0; i < x.length; i++) into[i] = alpha[row + i] * (x[i] - mu[row + i]) ** 2;
  },
};

const root = sum => Math.sqrt(Math.max(sum, 1e-12));
const itself = sum => sum;

/** For each kind what becomes of the sum of the terms. */
const ends = {
  linear: (sum, layer, output) => layer.bias ? sum + layer.bias[output] : sum,
  "point-slope": itself, "offset-l1": itself, "offset-l2": root, "offset-l2-reference": root,
};

const functions = { abs: Math.abs, relu: x => Math.max(x, 0), neg: x => -x };

function pass(layer, x, y) {
  const added = new Float64Array(x.length);
  for (let output = 0; output < layer.outputs; output++) {
    terms[layer.kind](layer, x, output * x.length, added);
    let sum = 0;
    for (let i = 0; i < added.length; i++) sum += added[i];
    y[output] = ends[layer.kind](sum, layer, output);
  }
}

/**
 * Runs a network on an image.
 * @param pixels grey values from 0 to 255
 * @param clamp { layer, lowest, highest, node }: what is done to a layer's outputs, or to one of them; null for nothing
 * @returns outputs: those of each layer; input: what the first layer got; logits; probabilities; answer: the class;
 *   isTied: whether all logits are the same, so that the answer is but the first class
 */
export function run(network, pixels, clamp = null) {
  const input = Float32Array.from(pixels, pixel => network.scale * pixel + network.shift);
  const outputs = [];
  let x = input;
  for (const [index, layer] of network.layers.entries()) {
    const y = new Float32Array(layer.outputs);
    if (layer.kind in terms) pass(layer, x, y);
    else x.forEach((value, i) => { y[i] = functions[layer.kind](value); });
    if (clamp?.layer === index) limit(y, clamp);
    outputs.push(y);
    x = y;
  }
  const answer = x.indexOf(Math.max(...x)), isTied = x.every(logit => logit === x[0]);
  return { input, outputs, logits: x, probabilities: softmax(x), answer, isTied };
}

function limit(y, { lowest, highest, node }) {
  const nodes = node === null ? y.keys() : [node];
  for (const i of nodes) y[i] = Math.min(Math.max(y[i], lowest), highest);
}

function softmax(logits) {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, logit => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map(power => power / sum);
}

/** What each input of a layer adds to one of its outputs, before a root. */
export function contributions(layer, x, output) {
  const added = new Float64Array(x.length);
  terms[layer.kind](layer, x, output * x.length, added);
  return added;
}

/** What a layer reads: the output of the one before it, or the input. */
export function inputOf(result, index) {
  return index === 0 ? result.input : result.outputs[index - 1];
}

/** The index of the last layer with parameters. */
export function lastWithParameters(network) {
  return network.layers.findLastIndex(layer => layer.kind in terms);
}

/** Whether an odd number of negations follows the outputs whose index is measured, so that the smallest of them wins. */
export function smallestWins(network) {
  return (network.layers.length - 1 - network.representation.layer) % 2 === 1;
}
