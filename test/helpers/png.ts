// Comes in: the bytes of a PNG file as browsers write them: eight bits, RGB or RGBA, not interlaced. Goes out: its pixels'
// colours. Format: https://www.w3.org/TR/png-3/ (chunks 5.3, filters 9.2).
import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** How many pixels have a colour, by `#rrggbb`. */
  readonly colors: ReadonlyMap<string, number>;
}

/** Decodes a picture; throws for a kind of PNG that is not ours to read. */
export function readPng(file: Buffer): Picture {
  const chunks = chunksOf(file);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (!header) throw new Error('Not a PNG file');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header[9] ?? -1];
  if (header[8] !== 8 || channels === undefined || header[12] !== 0) throw new Error('An unusual PNG file');
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = unfiltered(inflateSync(packed), width * channels, height, channels);
  const colors = new Map<string, number>();
  for (let at = 0; at < rows.length; at += channels) {
    const color = `#${rows.toString('hex', at, at + 3)}`;
    colors.set(color, (colors.get(color) ?? 0) + 1);
  }
  return { width, height, colors };
}

function chunksOf(file: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at + 8 <= file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: file.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

/** Undoes the filter that each row names in its first byte. */
function unfiltered(data: Buffer, rowLength: number, height: number, step: number): Buffer {
  const rows = Buffer.alloc(rowLength * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (rowLength + 1)] ?? 0;
    for (let x = 0; x < rowLength; x++) {
      const at = y * rowLength + x;
      const left = x >= step ? (rows[at - step] ?? 0) : 0;
      const up = y > 0 ? (rows[at - rowLength] ?? 0) : 0;
      const corner = x >= step && y > 0 ? (rows[at - rowLength - step] ?? 0) : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      rows[at] = (data[y * (rowLength + 1) + 1 + x] ?? 0) + predicted;
    }
  }
  return rows;
}

/** Of three neighbours the one nearest to `left + up - corner`. */
function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [left, up, corner].map((each) => Math.abs(estimate - each)) as [number, number, number];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
