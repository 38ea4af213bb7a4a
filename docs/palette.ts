/** Makes a screenshot small: the same picture with at most 256 colours, which is all that a page of text and flat colours needs. */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** One number per pixel, 0xRRGGBB. */
  readonly pixels: Uint32Array;
}

/** The PNG with a palette. Reads what Chromium writes: 8 bits a channel, RGB or RGBA (alpha is dropped), not interlaced. */
export function withPalette(png: Buffer): Buffer {
  const picture = decode(png);
  const { colours, indexOf } = paletteOf(picture);
  const rows = Buffer.alloc(picture.height * (picture.width + 1));
  for (let y = 0; y < picture.height; y++) {
    const row = y * (picture.width + 1) + 1; // before it stands the row's filter: 0, none
    for (let x = 0; x < picture.width; x++) rows[row + x] = indexOf(picture.pixels[y * picture.width + x]!);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const parts = [
    chunk("IHDR", header),
    chunk("PLTE", table),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** The most frequent colours; every other one becomes the nearest of them. */
function paletteOf({ pixels }: Picture): { colours: number[]; indexOf: (colour: number) => number } {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const colours = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_COLOURS)
    .map(([colour]) => colour);
  const known = new Map(colours.map((colour, index) => [colour, index]));
  const indexOf = (colour: number): number => {
    const found = known.get(colour) ?? nearest(colour, colours);
    known.set(colour, found);
    return found;
  };
  return { colours, indexOf };
}

function nearest(colour: number, colours: readonly number[]): number {
  const distance = (other: number) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((colour >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
  return colours.reduce((best, other, index) => (distance(other) < distance(colours[best]!) ? index : best), 0);
}

function decode(png: Buffer): Picture {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error("this is no PNG");
  const data: Buffer[] = [];
  let [width, height, channels] = [0, 0, 0];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    const name = png.toString("latin1", at + 4, at + 8);
    if (name === "IDAT") data.push(body);
    if (name !== "IHDR") continue;
    [width, height, channels] = [body.readUInt32BE(0), body.readUInt32BE(4), body[9] === 6 ? 4 : 3];
    if (body[8] !== 8 || ![2, 6].includes(body[9]!) || body[12] !== 0) throw new Error("a PNG of another kind than Chromium writes");
  }
  return { width, height, pixels: unfilter(inflateSync(Buffer.concat(data)), { width, height, channels }) };
}

/** PNG specification, section 9: each byte was written as its difference to what the row's filter predicts. */
function unfilter(raw: Buffer, size: { readonly width: number; readonly height: number; readonly channels: number }): Uint32Array {
  const { width, height, channels } = size;
  const length = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const start = y * (length + 1);
    const row = new Uint8Array(raw.subarray(start + 1, start + 1 + length));
    for (let x = 0; x < length; x++) {
      const [left, up, corner] = [row[x - channels] ?? 0, above[x]!, above[x - channels] ?? 0];
      row[x] = row[x]! + predicted(raw[start]!, left, up, corner);
    }
    for (let x = 0; x < width; x++) {
      const at = x * channels;
      pixels[y * width + x] = (row[at]! << 16) | (row[at + 1]! << 8) | row[at + 2]!;
    }
    above = row;
  }
  return pixels;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
