/**
 * The marked regions of a source cell: what students get in the place of a solution, and what they do not get at all.
 *
 *     function half(x: number): number {
 *       // BEGIN SOLUTION
 *       return x / 2;
 *       // END SOLUTION
 *     }
 *
 * Lines that begin with `// STUB: ` within a solution are what stands there instead, without that mark; a region without
 * them becomes an error that says "not written yet".
 */
import { notWritten } from 'convlab/dist/exercises/exercise';

export type RegionName = 'SOLUTION' | 'HIDDEN TESTS';

export interface Part {
  readonly isInside: boolean;
  /** Without the lines of the marks. */
  readonly lines: readonly string[];
}

/**
 * The source cut at the marks of a region, in order: outside and inside by turns, beginning outside.
 *
 * @throws Error, half a sentence, for marks that do not pair up
 */
export function partsOf(source: string, name: RegionName): Part[] {
  const [begin, end] = [`// BEGIN ${name}`, `// END ${name}`];
  const parts: { isInside: boolean; lines: string[] }[] = [{ isInside: false, lines: [] }];
  source.split('\n').forEach((line, i) => {
    const { isInside, lines } = parts[parts.length - 1];
    const begins = line.trim() === begin;
    if (!begins && line.trim() !== end) {
      if (line.includes(`BEGIN ${name}`) || line.includes(`END ${name}`)) {
        throw new Error(
          `line ${i + 1} is '${line.trim()}', expected '${begin}' or '${end}' on a line of its own`,
        );
      }
      lines.push(line);
    } else if (begins === isInside) {
      throw new Error(
        begins
          ? `line ${i + 1} is '${begin}' in an open region`
          : `line ${i + 1} is '${end}' without '${begin}'`,
      );
    } else parts.push({ isInside: begins, lines: [] });
  });
  if (parts[parts.length - 1].isInside) throw new Error(`'${begin}' has no '${end}'`);
  return parts;
}

/** The text inside of the regions. */
export function insideOf(source: string, name: RegionName): string {
  return partsOf(source, name)
    .flatMap(({ isInside, lines }) => (isInside ? lines : []))
    .join('\n');
}

/** The text without the regions and their marks. */
export function withoutRegions(source: string, name: RegionName): string {
  return partsOf(source, name)
    .flatMap(({ isInside, lines }) => (isInside ? [] : lines))
    .join('\n')
    .trimEnd();
}

const STUB = /^(\s*)\/\/ STUB: ?/;

/** The source with each solution replaced by its stub. */
export function withStubs({ type, source }: { readonly type: string; readonly source: string }): string {
  return partsOf(source, 'SOLUTION')
    .flatMap(({ isInside, lines }) => (isInside ? stubOf(lines, type) : lines))
    .join('\n');
}

function stubOf(lines: readonly string[], type: string): string[] {
  const stub = lines.filter((line) => STUB.test(line)).map((line) => line.replace(STUB, '$1'));
  if (stub.length > 0) return stub;
  if (type !== 'code') return ['*Write your answer here.*'];
  const indent = /^\s*/.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  return [`${indent}throw new Error('${notWritten}');`];
}
