/** The cells that have been run, for a front end's history requests; kept for this session only. */
import { textOf, type Content } from './wire';

type Entry = readonly [session: number, line: number, input: string | readonly [string, unknown]];

const SESSION = 1;

interface Cell {
  readonly line: number;
  readonly input: string;
  readonly output: unknown;
}

export class History {
  readonly #cells: Cell[] = [];

  add(line: number, input: string, output: unknown): void {
    this.#cells.push({ line, input, output: output ?? null });
  }

  /** @param request of the protocol: for the last n cells, a range, or a pattern with `*` and `?` */
  find({ hist_access_type, output, n, session, start, stop, pattern, unique }: Content): Entry[] {
    const count = typeof n === 'number' ? n : Infinity;
    const last = <T>(all: readonly T[]) => (count === 0 ? [] : all.slice(-count));
    let found: readonly Cell[] = this.#cells;
    if (hist_access_type === 'range') {
      if (session !== 0 && session !== SESSION) found = [];
      const end = typeof stop === 'number' ? stop : Infinity;
      found = found.filter(({ line }) => line >= Number(start ?? 1) && line < end);
    } else if (hist_access_type === 'search') {
      const matches = glob(textOf(pattern));
      found = found.filter(({ input }) => matches.test(input));
      if (unique === true) {
        found = found.filter(({ input }, at) => !found.slice(at + 1).some((later) => later.input === input));
      }
      found = last(found);
    } else {
      found = last(found);
    }
    return found.map((cell) => [
      SESSION,
      cell.line,
      output === true ? [cell.input, cell.output] : cell.input,
    ]);
  }
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\*?]/g, (char) =>
    char === '*' ? '.*' : char === '?' ? '.' : `\\${char}`,
  );
  return new RegExp(`^${source}$`, 's');
}
