/** The cells of a grid as a PNG file, for pictures: a pixel for each cell, some 600 bytes for a digit. */
import { zlibSync } from 'fflate';
import { colourAt } from './colours';
import type { CellsMark } from './scene';

/**
 * A `data:` address. Its bytes depend on the cells alone: the compressor is part of the project, Node's own differs from
 * machine to machine. Cells that are not finite are transparent.
 */
export function cellsPng({
  rows,
  range: [low, high],
  colours,
}: Pick<CellsMark, 'rows' | 'range' | 'colours'>): string {
  const [height, width] = [rows.length, rows[0].length];
  const finite = rows.every((row) => row.every(Number.isFinite));
  // A palette has 256 colours; where there are holes, the first is theirs.
  const [steps, first] = finite ? [255, 0] : [254, 1];
  const levels = rows.map((row) =>
    row.map((value) => {
      if (!Number.isFinite(value)) return 0;
      return first + Math.round(steps * Math.min(1, Math.max(0, (value - low) / (high - low))));
    }),
  );
  const used = [...new Set(levels.flat())].sort((a, b) => a - b);
  const places = new Map(used.map((level, place) => [level, place]));
  const palette = used.flatMap((level) => colourAt(colours, (level - first) / steps).map(Math.round));
  // Viewers that do not know `image-rendering: pixelated` blur small images; of an enlarged one, only the edges of cells.
  const factor = Math.max(1, Math.floor(128 / Math.max(height, width)));
  const lines = new Uint8Array(height * factor * (width * factor + 1));
  levels.forEach((row, i) => {
    for (let copy = 0; copy < factor; copy++) {
      const start = (i * factor + copy) * (width * factor + 1);
      // Each line begins with its filter: 2 stores the difference to the line above, nothing for a copy.
      lines[start] = copy === 0 ? 0 : 2;
      if (copy > 0) continue;
      row.forEach((level, j) =>
        lines.fill(places.get(level) ?? 0, start + 1 + j * factor, start + 1 + (j + 1) * factor),
      );
    }
  });
  const file = [
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    // 8 bits for each pixel (colour type 3: the number of a colour in the palette)
    ...chunk('IHDR', [...bytes(width * factor), ...bytes(height * factor), 8, 3, 0, 0, 0]),
    ...chunk('PLTE', palette),
    // The first colour is transparent.
    ...(finite ? [] : chunk('tRNS', [0])),
    ...chunk('IDAT', zlibSync(lines, { level: 9 })),
    ...chunk('IEND', []),
  ];
  return `data:image/png;base64,${base64(file)}`;
}

export function base64(bytes: ArrayLike<number>): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return btoa(text);
}

/** Length, type, data, checksum. */
function chunk(type: string, data: ArrayLike<number>): number[] {
  const body = [...type].map((letter) => letter.charCodeAt(0)).concat(Array.from(data));
  return [...bytes(data.length), ...body, ...bytes(crc32(body))];
}

function bytes(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** The checksum of PNG's chunks (ISO 3309). */
function crc32(data: readonly number[]): number {
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
