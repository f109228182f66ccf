/** Sizes as people write them. */

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `800MB`, `2 GiB`, `1.5g` or a number of bytes; undefined for anything else. Units are powers of 1024. */
export function parseBytes(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 0 && Number.isFinite(value) ? value : undefined;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(value.trim()) : null;
  const size = match ? Number(match[1]) * UNITS[match[2].toLowerCase()] : 0;
  return size > 0 ? size : undefined;
}

/** 1.5 GB, 320 MB, 12 kB: units of 1024. */
export function shownBytes(bytes: number): string {
  const [kilobytes, megabytes] = [bytes / 2 ** 10, bytes / 2 ** 20].map(Math.round);
  if (kilobytes < 1024) return `${kilobytes} kB`;
  return megabytes < 1024 ? `${megabytes} MB` : `${Number((bytes / 2 ** 30).toPrecision(3))} GB`;
}
