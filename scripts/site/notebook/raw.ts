/** A notebook's cells with what the runner's reader leaves out: prose, and what a front end folds. */
import { z } from 'zod';

const file = z.object({
  cells: z.array(
    z.looseObject({
      cell_type: z.string(),
      id: z.string().default(''),
      source: z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]),
      metadata: z.looseObject({
        tags: z.array(z.string()).default([]),
        jupyter: z.looseObject({ source_hidden: z.boolean().default(false) }).prefault({}),
        nbgrader: z.looseObject({ points: z.number().default(0) }).optional(),
      }),
    }),
  ),
});

export type RawCell = z.infer<typeof file>['cells'][number];

/** @param text of the file */
export function rawCells(text: string): readonly RawCell[] {
  return file.parse(JSON.parse(text)).cells;
}

/** The Markdown of all cells. */
export function proseOf(text: string): string {
  return rawCells(text)
    .filter(({ cell_type: type }) => type === 'markdown')
    .map(({ source }) => source)
    .join('\n\n');
}
