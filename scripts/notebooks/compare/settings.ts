/**
 * Where a cell's comparison options come from: the run's (`--tolerance`, `--sanitize`), over them the notebook's
 * `metadata.convlab.compare`, over that the cell's:
 *
 *     "convlab": { "compare": { "relative": 1e-3, "absolute": 1e-6, "integers": "exact",
 *                               "sanitize": ["durations", { "pattern": "seed \\d+", "replace": "seed N" }],
 *                               "ignore": ["text/html", "image/*"], "stderr": true } }
 *
 * Numbers replace what stood before, sanitizers and what is ignored add up. Standard error is ignored unless `stderr`
 * asks for it.
 */
import type { CompareOptions, Sanitizer } from '../result';
import { readSanitizers } from './sanitize';

/** What one level (run, notebook or cell) asks for. */
export interface CompareSettings {
  readonly relative?: number;
  readonly absolute?: number;
  readonly integers?: CompareOptions['integers'];
  readonly sanitize?: readonly Sanitizer[];
  /** Streams and MIME types that are not looked at. */
  readonly ignore?: readonly string[];
  /** Compare standard error too. */
  readonly stderr?: true;
}

/** `options` with one level's settings over them. A tolerance holds for whole numbers too, unless it says otherwise. */
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

const known = ['relative', 'absolute', 'integers', 'sanitize', 'ignore', 'stderr'];

/**
 * Reads `metadata.convlab.compare` of a notebook or cell; no settings where there is none.
 *
 * @param where what the value was found in, for the message: `01-convolution.ipynb, cell 3`
 * @throws TypeError naming `where`, the field, what was given and what was expected
 */
export function readCompareSettings(value: unknown, where: string): CompareSettings {
  if (value === undefined) return {};
  const place = `${where}: metadata.convlab.compare`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${place} is ${JSON.stringify(value)}, expected an object`);
  const { sanitize, ...fields } = value as Readonly<Record<string, unknown>>;
  const wrong = (name: string, expected: string) =>
    new TypeError(`${place}.${name} is ${JSON.stringify(fields[name])}, expected ${expected}`);

  for (const [name, given] of Object.entries(fields)) {
    if (!known.includes(name)) throw new TypeError(`${place}.${name} is no setting: ${known.join(', ')}`);
    const isNumber = typeof given === 'number' && given >= 0;
    const isList = Array.isArray(given) && given.every((entry) => typeof entry === 'string');
    if ((name === 'relative' || name === 'absolute') && !isNumber)
      throw wrong(name, 'a number of at least 0');
    if (name === 'integers' && given !== 'exact' && given !== 'tolerant')
      throw wrong(name, '"exact" or "tolerant"');
    if (name === 'stderr' && given !== true) throw wrong(name, 'true, or left out');
    if (name === 'ignore' && !isList) throw wrong(name, 'a list of stdout, stderr, error and MIME types');
  }
  return sanitize === undefined
    ? fields
    : { ...fields, sanitize: readSanitizers(sanitize, `${place}.sanitize`) };
}
