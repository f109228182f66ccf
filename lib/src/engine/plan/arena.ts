/** Lays out the one memory that all threads share: everything has its place before the first step, nothing grows. */

/** Vector loads may reach this many bytes beyond the end of what they were meant for. */
const SLACK = 256;

export class Arena {
  /** The kernels' static data lies below this. */
  private end = 16384;

  /** A place for `bytes` bytes, aligned to 64. */
  take(bytes: number): number {
    const at = this.end;
    this.end = roundUp(at + bytes + 16, 64);
    return at;
  }

  /** Pages of 64 KiB in all. */
  get pages(): number {
    const pages = Math.ceil((this.end + SLACK) / 65536);
    if (pages > 65536) {
      const gibibytes = (this.end / 2 ** 30).toFixed(1);
      throw new RangeError(`engine: the network and batch size need ${gibibytes} GiB, expected at most 4`);
    }
    return pages;
  }

  get bytes(): number {
    return this.end;
  }
}

export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
