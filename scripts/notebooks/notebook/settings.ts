/**
 * A notebook's settings for the runner: `metadata.convlab` of the notebook and of its cells. This is the whole schema;
 * README.md has it as a table. A cell's settings override the notebook's, which override the command line's.
 */
import { z } from 'zod';
import { parseBytes } from '../bytes';
import { compareSettings } from '../compare';
import { read, section } from '../finding';

const aboveZero = { error: 'a number above 0' };
const seconds = z.number(aboveZero).positive(aboveZero);
/** Timers of Node count at most 2³¹ milliseconds; a longer one would end at once. The command line has the same limit. */
const mostSeconds = { error: 'at most 2000000 seconds' };
const timeout = seconds.max(2_000_000, mostSeconds);
/** Bytes: `1048576`, `"800MB"`. */
const size = z.unknown().transform((value, context) => {
  const bytes = parseBytes(value);
  if (bytes !== undefined) return bytes;
  context.addIssue({ code: 'custom', message: 'a number of bytes or a size such as "800MB"' });
  return z.NEVER;
});
const tensors = { error: 'a whole number of at least 0' };

const budget = section({
  seconds: seconds.optional(),
  /** Peak resident memory of the kernel, in bytes. */
  memory: size.optional(),
  /** How many tensors may be left behind (README.md). */
  tensors: z.int(tensors).min(0, tensors).optional(),
});

const cell = section({
  compare: compareSettings.default({}),
  /** Seconds the cell may take. */
  timeout: timeout.optional(),
  budget: budget.optional(),
  /** Hash of the source that made the stored outputs, written by `notebooks:update`. */
  source: z.string({ error: 'a string' }).optional(),
});

const notebook = section({
  compare: compareSettings.default({}),
  /** Seconds each cell may take. */
  timeout: timeout.optional(),
  /** Bytes of resident memory at which the kernel is killed. */
  memoryLimit: size.optional(),
  /** Bytes of output that a cell may produce. */
  outputLimit: size.optional(),
  budget: budget.optional(),
});

export type Budget = Readonly<z.output<typeof budget>>;
export type CellSettings = Readonly<z.output<typeof cell>>;
export type NotebookSettings = Readonly<z.output<typeof notebook>>;

/**
 * @param value `metadata.convlab`; undefined if there is none
 * @param where where it was found, for the message: `01-convolution.ipynb`
 * @throws TypeError naming the place, what was given and what was expected
 */
export function notebookSettings(value: unknown, where: string): NotebookSettings {
  return read(notebook, value === undefined ? {} : value, `${where}: metadata.convlab`);
}

/** As above. @param where includes the cell: `01-convolution.ipynb, cell 3` */
export function cellSettings(value: unknown, where: string): CellSettings {
  return read(cell, value === undefined ? {} : value, `${where}: metadata.convlab`);
}
