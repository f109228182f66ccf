/**
 * Compares two SVG pictures as drawings: the same elements in the same order, lengths and positions within a thousandth
 * of the picture's size (0.7 of a pixel in 700, which is invisible), labels as texts with numbers within the
 * tolerance, everything else (colours, fonts) to the letter. Names of elements (`id`, `url(#…)`) only have to be used
 * in the same way, because drawing libraries choose them at random.
 */
import { SaxesParser } from 'saxes';
import type { Described, Finding } from './diff';
import { clip, described, diffTexts } from './diff';
import { textsAgree } from './numbers';
import type { Tolerance } from './tolerance';
import { numbersAgree } from './tolerance';

/** Share of the picture's longer side by which a point may move. */
const visible = 1e-3;

const geometry = new Set(
  'd points viewBox transform x y x1 y1 x2 y2 cx cy r rx ry dx dy width height'.split(' '),
);

interface Node {
  /** `svg > g[2] > path[1]` */
  readonly path: string;
  /** Empty for text. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What differs between two SVG texts; undefined when nothing does. Text that is not XML is compared as text. */
export function compareSvg(
  stored: string,
  fresh: string,
  tolerance: Tolerance,
  clean: (text: string) => string,
): Described | undefined {
  if (stored === fresh) return undefined;
  let before: Node[];
  let after: Node[];
  try {
    [before, after] = [readSvg(stored), readSvg(fresh)];
  } catch {
    const [a, b] = [clean(stored), clean(fresh)];
    return textsAgree(a, b, tolerance) ? undefined : diffTexts(a, b, tolerance);
  }
  const found: Finding[] = [];
  const length = Math.max(before.length, after.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [before[i], after[i]];
    if (a === undefined || b === undefined || a.path !== b.path) {
      // From here on these are different drawings; comparing them entry by entry would say nothing.
      const name = (node?: Node) => node?.path ?? 'the end';
      found.push({ path: `element ${i + 1} of ${before.length}`, stored: name(a), fresh: name(b) });
      break;
    }
    const [storedText, freshText] = [clean(a.text), clean(b.text)];
    if (!textsAgree(storedText, freshText, tolerance))
      found.push({ path: a.path, stored: quoted(storedText), fresh: quoted(freshText) });
    found.push(...compareAttributes(a, b, sizeOf(before), tolerance));
  }
  return described(found);
}

function compareAttributes(a: Node, b: Node, size: number, tolerance: Tolerance): Finding[] {
  const names = new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)]);
  return [...names].flatMap((name) => {
    const [x, y] = [a.attributes[name], b.attributes[name]];
    if (x === y) return [];
    const place = { path: `${a.path} ${name}`, stored: quoted(x), fresh: quoted(y) };
    if (x === undefined || y === undefined) return [place];
    const agree = geometry.has(name)
      ? geometryAgrees(x, y, { ...tolerance, absoluteTolerance: visible * size, integers: 'tolerant' })
      : textsAgree(x, y, tolerance);
    return agree ? [] : [place];
  });
}

/** Numbers in path data may have no separators (`M0,0L10-5.5.5`), so letters are cut off them here. */
function geometryAgrees(stored: string, fresh: string, tolerance: Tolerance): boolean {
  const [a, b] = [stored, fresh].map((text) => text.split(/([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/));
  // A scale or a rotation moves far points far: only a translation is a length.
  const strict = { ...tolerance, absoluteTolerance: 1e-9, relativeTolerance: visible };
  let operation = '';
  return (
    a.length === b.length &&
    a.every((part, i) => {
      if (i % 2 === 0) {
        operation = /(\w+)\s*\(\s*$/.exec(part)?.[1] ?? (part.includes(')') ? '' : operation);
        return part.replace(/[\s,]+/g, ' ').trim() === b[i].replace(/[\s,]+/g, ' ').trim();
      }
      const isLength = operation === '' || operation === 'translate';
      return numbersAgree(Number(part), Number(b[i]), isLength ? tolerance : strict);
    })
  );
}

/** Elements and texts in document order; identifiers are replaced by their order of appearance. */
function readSvg(svg: string): Node[] {
  const nodes: Node[] = [];
  const open: { name: string; children: number }[] = [{ name: '', children: 0 }];
  const path = (name: string) =>
    [...open.slice(1).map((level) => level.name), `${name}[${open[open.length - 1].children}]`].join(' > ');
  const parser = new SaxesParser();
  const onText = (text: string) => {
    if (text.trim() !== '') nodes.push({ path: path('text'), name: '', attributes: {}, text: text.trim() });
  };
  parser.on('opentag', ({ name, attributes }) => {
    open[open.length - 1].children++;
    nodes.push({ path: path(name), name, attributes, text: '' });
    open.push({ name: `${name}[${open[open.length - 1].children}]`, children: 0 });
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.write(svg).close();
  return withoutNames(nodes);
}

function withoutNames(nodes: readonly Node[]): Node[] {
  const names = new Map<string, string>();
  for (const { attributes } of nodes)
    if (attributes.id !== undefined && !names.has(attributes.id))
      names.set(attributes.id, `id-${names.size + 1}`);
  const renamed = (text: string) =>
    text.replace(/#([^\s"'(){},;:]+)/g, (all, name: string) =>
      names.has(name) ? `#${names.get(name)}` : all,
    );
  return nodes.map((node) => ({
    ...node,
    text: node.text.includes('#') ? renamed(node.text) : node.text,
    attributes: Object.fromEntries(
      Object.entries(node.attributes).map(([key, value]) => [
        key,
        key === 'id' ? (names.get(value) as string) : renamed(value),
      ]),
    ),
  }));
}

/** The longer side in the drawing's own units. */
function sizeOf(nodes: readonly Node[]): number {
  const { viewBox, width, height } = nodes[0]?.attributes ?? {};
  const sides = viewBox === undefined ? [width, height].map(parseFloat) : viewBox.split(/[\s,]+/).slice(2);
  return Math.max(0, ...sides.map(Number).filter(Number.isFinite));
}

function quoted(text: string | undefined): string {
  return text === undefined ? 'nothing' : `'${clip(text, 80)}'`;
}
