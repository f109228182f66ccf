/**
 * The notebook's file format as far as this runner relies on it
 * (https://nbformat.readthedocs.io/en/latest/format_description.html, version 4). Unknown fields are left alone; fields
 * that older notebooks lack may be missing.
 */
import { z } from 'zod';
import type { MimeBundle } from '../result';

/** Text: one string, or a list of lines with their line ends. */
const multiline = z
  .union([z.string(), z.array(z.string())], { error: 'a string or a list of strings' })
  .transform((value) => (typeof value === 'string' ? value : value.join('')));

const object = { error: 'an object' };
const count = { error: 'a whole number or null' };
const text = { error: 'a string' };

const fields = z.record(z.string(), z.unknown(), object);
const executionCount = z.union([z.int(), z.null()], count).default(null);

/** Text types become one string; JSON types keep their value. */
export function joinedBundle(data: Readonly<Record<string, unknown>>): MimeBundle {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [type, isJsonMime(type) ? value : joined(value)]),
  );
}

const mimeBundle = fields.transform(joinedBundle);

/** As nbformat defines it: all other types are text, possibly split into lines. */
export function isJsonMime(type: string): boolean {
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}

function joined(value: unknown): unknown {
  const lines = multiline.safeParse(value);
  return lines.success ? lines.data : value;
}

const stream = z.object({
  output_type: z.literal('stream'),
  /** Some tools omit it and mean standard output. */
  name: z.enum(['stdout', 'stderr'], { error: '"stdout" or "stderr"' }).optional(),
  text: multiline,
});
const displayData = z.object({
  output_type: z.literal('display_data'),
  data: mimeBundle,
  metadata: fields.default({}),
});
const executeResult = z.object({
  output_type: z.literal('execute_result'),
  data: mimeBundle,
  metadata: fields.default({}),
  execution_count: executionCount,
});
const error = z.object({
  output_type: z.literal('error'),
  ename: z.string(text),
  evalue: z.string(text),
  traceback: z.array(z.string(text), { error: 'a list of strings' }),
});
const output = z.discriminatedUnion('output_type', [stream, displayData, executeResult, error], {
  error: (issue) =>
    issue.code === 'invalid_union' ? '"stream", "display_data", "execute_result" or "error"' : 'an object',
});

const tags = { error: 'a list of strings' };
const codeCell = z.object({
  cell_type: z.literal('code'),
  id: z.string(text).optional(),
  source: multiline,
  metadata: z
    .looseObject({ tags: z.array(z.string(tags), tags).default([]), convlab: z.unknown().optional() }, object)
    .prefault({}),
  outputs: z.array(output, { error: 'a list of outputs' }),
  execution_count: executionCount,
});
const proseCell = z.object({
  cell_type: z.enum(['markdown', 'raw']),
  metadata: fields.default({}),
  source: multiline,
});
const cell = z.discriminatedUnion('cell_type', [codeCell, proseCell], {
  error: (issue) => (issue.code === 'invalid_union' ? '"code", "markdown" or "raw"' : 'an object'),
});

const named = z.looseObject({ name: z.string(text).optional() }, object);

export const notebookFile = z.object(
  {
    nbformat: z.literal(4, {
      error: ({ input }) => (typeof input === 'number' ? '4 (open it in JupyterLab and save it)' : '4'),
    }),
    metadata: z
      .looseObject(
        { kernelspec: named.optional(), language_info: named.optional(), convlab: z.unknown().optional() },
        object,
      )
      .prefault({}),
    cells: z.array(cell, { error: 'a list of cells' }),
  },
  object,
);
