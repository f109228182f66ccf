/**
 * Finds the line of a cell's TypeScript that a line of the compiled JavaScript came from. tslab writes no source map, and
 * its printer drops blank lines, types and the shape of statements; but names, literals and operators keep their order.
 * So the tokens of the two texts are aligned by their longest common subsequence, and the place is read off it.
 */

const TOKEN = /[A-Za-z_$][\w$]*|\d[\w.]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|=>|\S/g;
/** Beyond this the quadratic alignment is not worth its time: 2,000 × 2,000 is 4 million steps. */
const MOST_TOKENS = 2000;

interface Token {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

function tokens(source: string): Token[] {
  return source.split('\n').flatMap((text, index) =>
    [...text.matchAll(TOKEN)].map((match) => ({
      text: match[0].replace(/^'([^"]*)'$/, '"$1"'),
      line: index + 1,
      column: match.index + 1,
    })),
  );
}

/** Line (from 1) of `source` for a place in `compiled`; undefined when nothing matches. */
export function sourceLine(
  source: string,
  compiled: string,
  line: number,
  column: number,
): number | undefined {
  const from = tokens(compiled);
  const to = tokens(source);
  if (from.length > MOST_TOKENS || to.length > MOST_TOKENS) return undefined;
  const partners = alignment(from, to);
  // On the same compiled line, the nearest token at or before the place that has a partner; or else the first one.
  let found: number | undefined;
  from.forEach((token, index) => {
    if (token.line !== line || partners[index] === undefined) return;
    if (token.column <= column || found === undefined) found = partners[index];
  });
  return found === undefined ? undefined : to[found].line;
}

/** For each token of `a`, the index of its partner in `b`. */
function alignment(a: readonly Token[], b: readonly Token[]): (number | undefined)[] {
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i].text === b[j].text
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const partners = new Array<number | undefined>(a.length).fill(undefined);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i].text === b[j].text) partners[i++] = j++;
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return partners;
}
