// From a drawing to an image as those of MNIST: what is drawn is scaled so that it just fits into a box of 20 × 20 pixels, with
// its proportions kept, and placed so that its center of mass is the center of the 28 × 28 image.

/** The part of the image's width and height that a digit may fill. */
export const box = 20 / 28;

/** Pixels of an image that just fits into a square field, for each point of the field. */
export function scaleOfField(side, width, height) {
  return Math.max(width, height) / side;
}

/**
 * An image of a drawing.
 * @param ink [side · side] from 0 to 1
 * @param centered whether it is scaled and centered; otherwise the image is what just fits into the drawing
 * @returns [width · height] from 0 to 255
 */
export function imageOf(ink, side, width, height, centered) {
  const bounds = centered ? boundsOf(ink, side) : { left: 0, top: 0, right: side, bottom: side };
  const image = new Float32Array(width * height);
  if (!bounds) return image;
  const spanX = bounds.right - bounds.left, spanY = bounds.bottom - bounds.top;
  const scale = centered ? Math.min(box * width / spanX, box * height / spanY) : scaleOfField(side, width, height);
  const middle = centered ? massOf(ink, side) : { x: side / 2, y: side / 2 };
  const shiftX = width / 2 - middle.x * scale, shiftY = height / 2 - middle.y * scale;

  // Each point of the drawing covers a small rectangle of the image, and leaves its ink in the pixels below.
  for (let row = bounds.top; row < bounds.bottom; row++) {
    for (let column = bounds.left; column < bounds.right; column++) {
      const amount = ink[row * side + column];
      if (amount === 0) continue;
      spread(column * scale + shiftX, scale, width, (x, partX) =>
        spread(row * scale + shiftY, scale, height, (y, partY) => { image[y * width + x] += 255 * amount * partX * partY; }));
    }
  }
  return image.map(value => Math.min(Math.round(value), 255));
}

/** Calls `add` with each pixel that the interval from `start` covers, and how much of the pixel. */
function spread(start, length, pixels, add) {
  const end = start + length;
  for (let pixel = Math.max(Math.floor(start), 0); pixel < Math.min(end, pixels); pixel++) {
    const covered = Math.min(end, pixel + 1) - Math.max(start, pixel);
    if (covered > 0) add(pixel, covered);
  }
}

function boundsOf(ink, side) {
  const bounds = { left: side, top: side, right: 0, bottom: 0 };
  ink.forEach((amount, at) => {
    if (amount < 0.1) return;
    const x = at % side, y = (at - x) / side;
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x + 1);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y + 1);
  });
  return bounds.left < bounds.right ? bounds : null;
}

function massOf(ink, side) {
  let sum = 0, x = 0, y = 0;
  ink.forEach((amount, at) => {
    sum += amount;
    x += amount * (at % side + 0.5);
    y += amount * (Math.floor(at / side) + 0.5);
  });
  return sum === 0 ? { x: side / 2, y: side / 2 } : { x: x / sum, y: y / sum };
}
