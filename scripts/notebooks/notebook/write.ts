/**
 * Puts outputs into a notebook's text, or removes them, and writes it back atomically. Only the spans that belong to
 * the runner change (`outputs`, `execution_count` of a cell and its results, `metadata.convlab.source`), and the keys of
 * metadata are brought into JupyterLab's order when a hash is stored; every other byte stays as it was, down to the
 * indentation and the end of the file.
 */
import { isDeepStrictEqual } from 'node:util';
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { replaceFile } from '../../replaceFile';
import { isJsonMime } from './nbformat';
import type { Notebook } from './notebook';
import { readText } from './readText';
import type { Output } from '../result';
import { parseStrictly } from './strictJson';

/** What is stored with a code cell. `undefined` leaves a part as it is. */
export interface StoredCell {
  /** Index among all cells of the notebook. */
  readonly position: number;
  readonly outputs?: readonly Output[];
  /** Of the cell and of results that are left as they are, whose prompts JupyterLab shows side by side. */
  readonly executionCount?: number | null;
  /** Hash of the source that made the outputs; null removes it. */
  readonly sourceHash?: string | null;
}

/**
 * The notebook's text with these cells stored; the same text when nothing changes.
 * @throws WriteError if the text, parsed again, is not the old notebook with these cells stored and nothing else
 */
export function withStoredCells(notebook: Notebook, cells: readonly StoredCell[]): string {
  const fresh = edited(notebook, cells);
  if (fresh !== notebook.text) verify(notebook, cells, fresh);
  return fresh;
}

function edited(notebook: Notebook, cells: readonly StoredCell[]): string {
  const mark = notebook.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = notebook.text.slice(mark.length);
  const root = parseTree(text);
  if (!root) throw new WriteError('its JSON cannot be edited');
  const style = styleOf(text);
  const edits = cells.flatMap((stored) => {
    const cell = findNodeAtLocation(root, ['cells', stored.position]);
    return cell ? cellEdits(cell, stored, style) : [];
  });
  const fresh = applied(edits, text);
  const hashed = cells.filter(({ sourceHash }) => typeof sourceHash === 'string');
  return mark + (hashed.length > 0 ? withSortedMetadata(fresh, hashed) : fresh);
}

function applied(edits: readonly Edit[], text: string): string {
  const pieces: string[] = [];
  let end = 0;
  for (const edit of [...edits].sort((a, b) => a.offset - b.offset)) {
    pieces.push(text.slice(end, edit.offset), edit.text);
    end = edit.offset + edit.length;
  }
  return pieces.join('') + text.slice(end);
}

/** Sorts the keys of the notebook's metadata and of these cells', as JupyterLab does when it saves. */
function withSortedMetadata(text: string, cells: readonly StoredCell[]): string {
  const root = parseTree(text);
  if (!root) return text;
  const paths = [['metadata'], ...cells.map(({ position }) => ['cells', position, 'metadata'])];
  const edits = paths.flatMap((path): Edit[] => {
    const node = findNodeAtLocation(root, path);
    return node ? [{ offset: node.offset, length: node.length, text: sortedText(node, text) }] : [];
  });
  return applied(edits, text);
}

/** The value's text with all objects' keys sorted; white space and the spelling of values stay. */
function sortedText(node: Node, text: string): string {
  const parts = node.children ?? [];
  const texts = parts.map((part) => sortedText(part, text));
  if (node.type === 'object') {
    const keys = parts.map((property) => String(property.children?.[0].value));
    const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : 1));
    texts.splice(0, texts.length, ...order.map((index) => texts[index]));
  }
  const edits = parts.map(({ offset, length }, index) => ({
    offset: offset - node.offset,
    length,
    text: texts[index],
  }));
  return applied(edits, text.slice(node.offset, node.offset + node.length));
}

/** The file was changed by somebody else, or cannot be written. The message says which. */
export class WriteError extends Error {}

/**
 * Replaces the file in one step. Refuses when it is not what was read, for instance because it was saved in JupyterLab
 * meanwhile.
 */
export function replaceNotebook({ file, text }: Notebook, fresh: string): void {
  try {
    if (readText(file) !== text) {
      throw new WriteError('the file was changed while it ran, so it was left as it is');
    }
    replaceFile(file, fresh);
  } catch (error) {
    if (error instanceof WriteError) throw error;
    throw new WriteError(`the file could not be written: ${(error as Error).message}`);
  }
}

/** Two parsers must agree: what was edited by place is read again as a whole. */
function verify(notebook: Notebook, cells: readonly StoredCell[], fresh: string): void {
  const wrong = (what: string) => new WriteError(`${what}, so the file was left as it is`);
  let after: Json;
  try {
    after = parseStrictly(withoutMark(fresh)) as Json;
  } catch (error) {
    throw wrong(`with its outputs the file would not be a notebook (${(error as Error).message})`);
  }
  const before = JSON.parse(withoutMark(notebook.text)) as Json;
  for (const { position, outputs, executionCount } of cells) {
    const [old, stored] = [before, after].map((text) => (text.cells as Json[])[position].outputs);
    const expected: unknown = outputs
      ? JSON.parse(JSON.stringify(outputs.map(nbformatOutput)))
      : counted(old as Json[] | undefined, executionCount);
    if (!isDeepStrictEqual(stored, expected)) {
      throw wrong(`the outputs of cells[${position}] could not be stored as they are`);
    }
  }
  if (!isDeepStrictEqual(withoutOwn(before), withoutOwn(after))) {
    throw wrong('storing the outputs would have changed something else');
  }
}

type Json = Record<string, unknown>;

/** Outputs whose results have the count of their cell. */
function counted(outputs: readonly Json[] | undefined, count: StoredCell['executionCount']): unknown {
  if (count === undefined) return outputs;
  return outputs?.map((output) =>
    'execution_count' in output ? { ...output, execution_count: count } : output,
  );
}

/** A notebook without what the runner may change. */
function withoutOwn(notebook: Json): Json {
  const cells = (notebook.cells as Json[]).map((cell) => {
    if (cell.cell_type !== 'code') return cell;
    const { metadata = {}, ...rest } = cell;
    const { convlab = {}, ...others } = metadata as Json;
    return {
      ...without(['outputs', 'execution_count'], rest),
      metadata: others,
      settings: without(['source'], convlab as Json),
    };
  });
  return { ...notebook, cells };
}

function without(keys: readonly string[], object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

const withoutMark = (text: string) => text.replace(/^\uFEFF/, '');

interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

interface Style {
  /** One level of indentation; '' for a notebook on one line. */
  readonly indent: string;
  readonly newline: string;
}

function styleOf(text: string): Style {
  const indent = /^\s*\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? '';
  return { indent, newline: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** A cell is at depth 2: root object, list of cells, cell. */
const CELL_DEPTH = 2;

function cellEdits(cell: Node, stored: StoredCell, style: Style): Edit[] {
  const edits: (Edit | undefined)[] = [];
  if (stored.outputs) {
    edits.push(setProperty(cell, 'outputs', stored.outputs.map(nbformatOutput), CELL_DEPTH, style));
  }
  if (stored.executionCount !== undefined) {
    edits.push(setProperty(cell, 'execution_count', stored.executionCount, CELL_DEPTH, style));
    const kept = stored.outputs ? [] : (findNodeAtLocation(cell, ['outputs'])?.children ?? []);
    for (const output of kept.filter((one) => findNodeAtLocation(one, ['execution_count']))) {
      edits.push(setProperty(output, 'execution_count', stored.executionCount, CELL_DEPTH + 2, style));
    }
  }
  const metadata = findNodeAtLocation(cell, ['metadata']);
  if (typeof stored.sourceHash === 'string') {
    const convlab = metadata && findNodeAtLocation(metadata, ['convlab']);
    if (convlab) edits.push(setProperty(convlab, 'source', stored.sourceHash, CELL_DEPTH + 2, style));
    else if (metadata) {
      edits.push(setProperty(metadata, 'convlab', { source: stored.sourceHash }, CELL_DEPTH + 1, style));
    } else {
      edits.push(
        setProperty(cell, 'metadata', { convlab: { source: stored.sourceHash } }, CELL_DEPTH, style),
      );
    }
  } else if (stored.sourceHash === null && metadata) {
    const convlab = findNodeAtLocation(metadata, ['convlab']);
    if (convlab && findNodeAtLocation(convlab, ['source'])) {
      const alone = convlab.children?.length === 1;
      edits.push(alone ? removeProperty(metadata, 'convlab') : removeProperty(convlab, 'source'));
    }
  }
  return edits.filter((edit) => edit !== undefined);
}

/** Sets a property of an object at `depth`; undefined if it has that value already. */
function setProperty(
  object: Node,
  key: string,
  value: unknown,
  depth: number,
  style: Style,
): Edit | undefined {
  const old = findNodeAtLocation(object, [key]);
  const text = json(value, depth + 1, style);
  if (old) return { offset: old.offset, length: old.length, text };
  const last = object.children?.at(-1);
  if (!last) {
    return { offset: object.offset, length: object.length, text: json({ [key]: value }, depth, style) };
  }
  const lead = style.indent ? `,${style.newline}${style.indent.repeat(depth + 1)}` : ', ';
  return { offset: last.offset + last.length, length: 0, text: `${lead}${JSON.stringify(key)}: ${text}` };
}

function removeProperty(object: Node, key: string): Edit | undefined {
  const properties = object.children ?? [];
  const at = properties.findIndex((property) => property.children?.[0]?.value === key);
  if (at < 0) return undefined;
  const end = (node: Node) => node.offset + node.length;
  if (properties.length === 1) return { offset: object.offset, length: object.length, text: '{}' };
  // With the comma before it or, for the first, the one after it.
  const from = at > 0 ? end(properties[at - 1]) : properties[at].offset;
  const to = at > 0 ? end(properties[at]) : properties[at + 1].offset;
  return { offset: from, length: to - from, text: '' };
}

function json(value: unknown, depth: number, style: Style): string {
  const text = JSON.stringify(value, (_, entry: unknown) => pythonNumber(entry), style.indent).replace(
    /"\ue000(-?[\d.]+e-\d+)\ue000"/g,
    '$1',
  );
  return style.indent ? text.replaceAll('\n', `${style.newline}${style.indent.repeat(depth)}`) : text;
}

/** Python's JSON switches to exponents at 1e-4, JavaScript's at 1e-6. @returns such a number as marked text */
function pythonNumber(value: unknown): unknown {
  if (typeof value !== 'number' || value === 0 || Math.abs(value) >= 1e-4) return value;
  const [digits, exponent] = value.toExponential().split('e-');
  return `\ue000${digits}e-${exponent.padStart(2, '0')}\ue000`;
}

/**
 * As nbformat writes it: keys sorted, text split into lines. Saving in JupyterLab then changes nothing, down to how
 * small numbers are written ({@link json}).
 */
function nbformatOutput(output: Output): unknown {
  if (output.output_type === 'stream') return sorted({ ...output, text: lines(output.text) });
  if (output.output_type === 'error') return sorted(output);
  const data = Object.entries(output.data).map(([mime, value]) => [
    mime,
    typeof value === 'string' && !isJsonMime(mime) && isSplit(mime) ? lines(value) : value,
  ]);
  return sorted({ ...output, data: Object.fromEntries(data) as unknown });
}

/** nbformat splits text and these two; base64 stays one string. */
function isSplit(mime: string): boolean {
  return mime.startsWith('text/') || mime === 'image/svg+xml' || mime === 'application/javascript';
}

/** As Python's `splitlines` does, by which Jupyter splits when it saves. */
function lines(text: string): string[] {
  return text.split(/(?<=\r(?!\n)|[\n\v\f\x1c-\x1e\x85\u2028\u2029])/).filter((line) => line !== '');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}
