/**
 * JSON that every program reads the same way. Of two equal keys JSON.parse takes the last, a text editor the first; and
 * other parsers, Python's among them, fail at a nesting depth that JSON.parse accepts.
 */
import { createScanner, SyntaxKind } from 'jsonc-parser';

/** Python's json fails a little below 1,000. */
const DEEPEST = 500;

/** @throws Error saying what is wrong, with the line */
export function parseStrictly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const scanner = createScanner(text, true);
  /** The keys so far of each open object; undefined for an open list. */
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (let token = scanner.scan(); token !== SyntaxKind.EOF; token = scanner.scan()) {
    const place = () => `line ${scanner.getTokenStartLine() + 1}`;
    if (token === SyntaxKind.OpenBraceToken) open.push(new Set());
    else if (token === SyntaxKind.OpenBracketToken) open.push(undefined);
    else if (token === SyntaxKind.CloseBraceToken || token === SyntaxKind.CloseBracketToken) open.pop();
    else if (token === SyntaxKind.StringLiteral) last = scanner.getTokenValue();
    else if (token === SyntaxKind.ColonToken) {
      const keys = open.at(-1);
      if (keys?.has(last))
        throw new Error(`the key ${JSON.stringify(last)} appears twice in an object (${place()})`);
      keys?.add(last);
    }
    if (open.length > DEEPEST) throw new Error(`it is nested more than ${DEEPEST} levels deep (${place()})`);
  }
  return value;
}
