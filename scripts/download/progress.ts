/** A line about a download, rewritten in place on a terminal; elsewhere only what stays is printed. */

export interface Progress {
  /** How far it is. `total` is absent where the server does not tell. */
  readonly at: (name: string, bytes: number, total?: number) => void;
  /** A sentence that stays. */
  readonly say: (sentence: string) => void;
}

/** Often enough to be seen to move. */
const INTERVAL_MS = 100;
const BAR = 24;

export function progressOn(stream: NodeJS.WriteStream): Progress {
  const clear = stream.isTTY ? '\r\x1b[K' : '';
  let due = 0;
  return {
    at(name, bytes, total) {
      if (!stream.isTTY || performance.now() < due) return;
      due = performance.now() + INTERVAL_MS;
      const share = total ? Math.min(1, bytes / total) : 0;
      const done = Math.round(BAR * share);
      const bar = total ? ` [${'█'.repeat(done)}${' '.repeat(BAR - done)}] ${Math.floor(100 * share)} %` : '';
      stream.write(`${clear}  ${name}${bar}  ${(bytes / 1e6).toFixed(1)} MB`);
    },
    say: (sentence) => void stream.write(`${clear}  ${sentence}\n`),
  };
}
