/**
 * Where a cell's comparison options come from: the run's (`--tolerance`, `--sanitize`), over them the notebook's
 * `metadata.convlab.compare`, over that the cell's:
 *
 *     "convlab": { "compare": { "relative": 1e-3, "absolute": 1e-6, "integers": "exact",
 *                               "sanitize": ["durations", { "pattern": "seed \\d+", "replace": "seed N" }],
 *                               "ignore": ["text/html", "image/*"], "stderr": true } }
 *
 * Numbers replace those of the level above; sanitizers and what is ignored add up. Standard error is ignored unless
 * `stderr` asks for it.
 */
import { z } from 'zod';
import { section } from '../finding';
import type { CompareOptions } from '../result';
import { sanitizers } from './sanitize';

const notNegative = z.number({ error: 'a number of at least 0' }).min(0, { error: 'a number of at least 0' });

/** `metadata.convlab.compare`: what one level (run, notebook or cell) asks for. */
export const compareSettings = section({
  relative: notNegative.optional(),
  absolute: notNegative.optional(),
  integers: z.enum(['exact', 'tolerant'], { error: '"exact" or "tolerant"' }).optional(),
  sanitize: sanitizers.optional(),
  /** Streams and MIME types that are not compared. */
  ignore: z
    .array(z.string({ error: 'a stream or a MIME type' }), {
      error: 'a list of stdout, stderr, error and MIME types',
    })
    .optional(),
  /** Compare standard error too. */
  stderr: z.literal(true, { error: 'true, or left out' }).optional(),
});

export type CompareSettings = Readonly<z.output<typeof compareSettings>>;

/**
 * `options` with one level's settings over them. A tolerance applies to whole numbers too, unless the settings say
 * otherwise.
 */
export function withSettings(options: CompareOptions, settings: CompareSettings): CompareOptions {
  const ignore = [...options.ignore, ...(settings.ignore ?? [])];
  const isToleranceSet = settings.relative !== undefined || settings.absolute !== undefined;
  return {
    relativeTolerance: settings.relative ?? options.relativeTolerance,
    absoluteTolerance: settings.absolute ?? options.absoluteTolerance,
    integers: settings.integers ?? (isToleranceSet ? 'tolerant' : options.integers),
    sanitizers: [...options.sanitizers, ...(settings.sanitize ?? [])],
    ignore: settings.stderr === true ? ignore.filter((name) => name !== 'stderr') : ignore,
  };
}
