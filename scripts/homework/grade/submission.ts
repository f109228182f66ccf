/** What a student handed in: the sources of the cells that were theirs to write, whatever else the file holds. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { itemsOf, membersOf, valueOf, type Span } from './jsonBytes';

/** A cell with a grade_id, as it came. */
export interface ReceivedCell {
  readonly type: string;
  readonly source?: string;
  /** Its metadata: anything. */
  readonly nbgrader: unknown;
}

export interface Submission {
  /** By grade_id, of the cells that are wanted. */
  readonly sources: ReadonlyMap<string, string>;
  /** By grade_id, of these and the given ones. */
  readonly cells: ReadonlyMap<string, ReceivedCell>;
  /** The sources of cells without a grade_id, the first of them: they are not graded. */
  readonly others: readonly string[];
  /** What is wrong with the file, in whole sentences. */
  readonly problems: readonly string[];
}

/** Whoever embeds films in a notebook gets this far. */
const MOST_FILE_BYTES = 256_000_000;
/** Some 3,000 lines. */
const MOST_SOURCE_BYTES = 200_000;
const MOST_METADATA_BYTES = 10_000;
const MOST_OTHERS = 100;

/**
 * Never throws for anything that a file may hold or be.
 *
 * @param wanted the grade_ids of the cells to take
 * @param given those of all cells that were handed out with one
 */
export function readSubmission(
  file: string,
  wanted: readonly string[],
  given: readonly string[],
): Submission {
  const bytes = bytesOf(file);
  return typeof bytes === 'string' ? nothing(bytes) : submissionOf(bytes, wanted, given);
}

function nothing(problem: string): Submission {
  return { sources: new Map(), cells: new Map(), others: [], problems: [problem] };
}

const linkProblem =
  'What was handed in is a link to another file, which is not followed: nothing of it was graded.';

/** The file's bytes, or why they are not read. */
function bytesOf(file: string): Uint8Array | string {
  let descriptor: number | undefined;
  try {
    // A link could point to the assignment's solutions; a named pipe would never end. (Windows has no such flags.)
    if (lstatSync(file).isSymbolicLink()) return linkProblem;
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    descriptor = openSync(file, flags);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return 'What was handed in is no file, so nothing of it was graded.';
    if (stats.size > MOST_FILE_BYTES) {
      return `The file has ${Math.round(stats.size / 1e6)} MB, more than the ${MOST_FILE_BYTES / 1e6} MB that are read, so nothing of it was graded.`;
    }
    const bytes = Buffer.alloc(stats.size);
    let read = 0;
    for (let n = -1; n !== 0 && read < bytes.length; read += n) {
      n = readSync(descriptor, bytes, read, bytes.length - read, read);
    }
    return bytes.subarray(0, read);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP' || code === 'EMLINK') return linkProblem;
    if (code === 'ENOENT') return 'Nothing was handed in: there is no such file.';
    return `The file cannot be read (${code ?? 'unknown error'}), so nothing of it was graded.`;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The cells of a notebook's bytes. */
export function submissionOf(
  bytes: Uint8Array,
  wanted: readonly string[],
  given: readonly string[] = wanted,
): Submission {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const notebook = membersOf(bytes, { from: start, to: bytes.length });
  const cellList = new Map(notebook.found).get('cells');
  if (cellList === undefined) {
    return nothing('What was handed in is not a notebook (of nbformat 4), so nothing of it was graded.');
  }
  const items = itemsOf(bytes, cellList);
  const problems: string[] = [];
  if (notebook.isBroken || items.isBroken) {
    problems.push(
      `The file breaks off, is damaged or goes on for too long after ${items.found.length} cells: those before are graded.`,
    );
  }
  const pieces = new Map<string, ReceivedCell[]>();
  const cells = new Map<string, ReceivedCell>();
  const others: string[] = [];
  for (const item of items.found) {
    const { id, ...cell } = readCell(bytes, item);
    const { source } = cell;
    if (id === undefined) {
      if (source !== undefined && others.length < MOST_OTHERS) others.push(source);
      continue;
    }
    if (given.includes(id)) cells.set(id, cell);
    if (!wanted.includes(id)) continue;
    pieces.set(id, [...(pieces.get(id) ?? []), cell]);
    if (source === undefined) {
      problems.push(`The cell ${id} has no source, or one of more than ${MOST_SOURCE_BYTES} bytes.`);
    }
  }
  const sources = new Map<string, string>();
  for (const [id, all] of pieces) {
    const texts = all.flatMap(({ source }) => source ?? []);
    const isSplit = all.every(({ type }) => type === 'markdown') || !declaresTwice(texts);
    const chosen = isSplit ? texts.join('\n\n') : texts.at(-1);
    if (chosen !== undefined && texts.length > 0) sources.set(id, chosen);
    if (all.length === 1) continue;
    const why = isSplit
      ? 'they are graded together, in their order'
      : 'the last one is graded, as it is the one that counts when the notebook runs';
    problems.push(`The cell ${id} is there ${all.length} times: ${why}.`);
  }
  const missing = wanted.filter((id) => !pieces.has(id));
  if (missing.length > 0) {
    problems.push(
      `${missing.length === 1 ? 'A cell is' : `${missing.length} cells are`} missing: ${missing.join(', ')}.`,
    );
  }
  return { sources, cells, others, problems };
}

const DECLARATION = /^(?:async\s+)?(?:function\s*\*?|const|let|var|class|enum|type|interface)\s+([\w$]+)/gm;

/**
 * Whether a name is declared at the beginning of a line in two of the texts: then they are two answers, and otherwise the
 * pieces of one that JupyterLab's _Split Cell_ has cut. A guess, since what students write is parsed in the sandbox only.
 */
export function declaresTwice(texts: readonly string[]): boolean {
  const names = texts.flatMap((text) => [
    ...new Set([...text.matchAll(DECLARATION)].map(([, name]) => name)),
  ]);
  return new Set(names).size < names.length;
}

function readCell(bytes: Uint8Array, cell: Span): ReceivedCell & { readonly id?: string } {
  const members = new Map(membersOf(bytes, cell).found);
  const metadata = members.get('metadata');
  const nbgrader = metadata && new Map(membersOf(bytes, metadata).found).get('nbgrader');
  const gradeId = nbgrader && new Map(membersOf(bytes, nbgrader).found).get('grade_id');
  const id = gradeId && valueOf(bytes, gradeId);
  const source = members.get('source');
  const type = members.get('cell_type');
  return {
    type: String(type && valueOf(bytes, type, MOST_METADATA_BYTES)),
    nbgrader: nbgrader && valueOf(bytes, nbgrader, MOST_METADATA_BYTES),
    ...(typeof id === 'string' && { id }),
    ...(source && { source: textOf(valueOf(bytes, source, MOST_SOURCE_BYTES)) }),
  };
}

/** One text, or its lines. */
function textOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  const isLines = Array.isArray(source) && source.every((line) => typeof line === 'string');
  return isLines ? source.join('') : undefined;
}
