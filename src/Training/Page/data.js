// What the page carries: a description as JSON, and the numbers that it points to as bytes, compressed and in base64.

/** Reads everything: { networks, images, width, height, … } with all numbers in place. */
export async function readPage() {
  const page = JSON.parse(document.getElementById("description").textContent);
  const bytes = await unpack(document.getElementById("bytes").textContent.trim());
  const slice = ({ at, count }) => bytes.subarray(at, at + count);
  const size = page.width * page.height;
  const images = (place, about) => about.map((image, n) =>
    ({ ...image, pixels: slice({ at: place + n * size, count: size }) }));

  page.images = images(page.pixels, page.labels.map(label => ({ label })));
  for (const network of page.networks) {
    for (const layer of network.layers) {
      for (const [name, { at, count }] of Object.entries(layer.tensors)) layer[name] = floats(slice({ at, count: 4 * count }));
    }
    for (const hidden of network.hidden) hidden.counts = slice(hidden.counts);
    for (const prototype of network.prototypes) {
      prototype.nearest = images(prototype.nearestPixels, prototype.nearest);
      prototype.farthest = images(prototype.farthestPixels, prototype.farthest);
    }
  }
  return page;
}

async function unpack(base64) {
  const text = atob(base64), packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/** Float32 whose first bytes stand together, then the second ones, and so on, which compresses better. */
function floats(planes) {
  const count = planes.length / 4, bytes = new Uint8Array(planes.length);
  for (let plane = 0; plane < 4; plane++) {
    for (let i = 0; i < count; i++) bytes[4 * i + plane] = planes[plane * count + i];
  }
  return new Float32Array(bytes.buffer);
}
