/**
 * Lines at the bottom of a terminal that are rewritten in place, with ordinary lines scrolling past above them. The
 * cursor rests below the lines, so that whatever ends the program leaves the terminal usable.
 */

export interface LiveLines {
  /** Prints a text above the live lines. */
  print(text: string): void;
  /** Replaces the live lines. */
  show(lines: readonly string[]): void;
}

/** @param columns the terminal's current width; it may change */
export function liveLines(write: (text: string) => void, columns: () => number): LiveLines {
  let live: readonly string[] = [];
  // Up to the first live line, then erase all below (ECMA-48 CUU and ED).
  const erase = () => (live.length > 0 ? `\x1b[${live.length}A\x1b[0J` : '');
  const drawn = () => live.map((line) => `${fit(line, columns())}\n`).join('');
  return {
    print(text) {
      write(`${erase()}${text}\n${drawn()}`);
    },
    show(lines) {
      const before = erase();
      live = [...lines];
      write(before + drawn());
    },
  };
}

/** Cuts a line so that it never wraps, because a wrapped line could not be erased. Wide characters take two columns. */
export function fit(line: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const character of line) {
    width += (character.codePointAt(0) as number) >= 0x1100 && !/[\u2000-\u2bff]/.test(character) ? 2 : 1;
    if (width > columns - 1) return `${line.slice(0, end).replace(/.$/u, '')}…`;
    end += character.length;
  }
  return line;
}
