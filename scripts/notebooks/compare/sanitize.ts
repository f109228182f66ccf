/**
 * Sanitizers: regular expressions whose matches are replaced in the stored and in the fresh text before the two are
 * compared, so that noise (a date, a duration, a path) is ignored and the numbers beside it are not.
 *
 * They are written as JSON, the same in a notebook's or cell's `metadata.convlab.compare.sanitize` and in the file of
 * `--sanitize FILE`: a list of built-in names and of `{ "pattern": "…", "flags": "i", "replace": "…" }`. JSON rather than
 * nbval's ini file, because notebook metadata is JSON and one form is enough; `replace` may use `$1` and `$<name>`.
 */
import type { Sanitizer } from '../result';

const duration = String.raw`\d+(?:[.,]\d+)?\s*(?:ns|[uµμ]s|ms|s|sec(?:ond)?s?|min(?:ute)?s?|h|hours?|milliseconds?)\b`;

/** What most notebooks need, by name. */
export const builtInSanitizers: Readonly<Record<string, Sanitizer>> = {
  // `12 ms`, `0.53s`, `1m 20s`, `01:02:03.5`
  durations: {
    pattern: String.raw`(?<![\w.])(?:(?:\d+\s*(?:h|m|min)\s+)*${duration}|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?!\w)`,
    replace: 'DURATION',
  },
  // `2026-11-20`, `2026-11-20T11:34:15.123Z`, `11/20/2026`, `20.11.2026, 11:34:15`, `Fri Nov 20 2026 11:34:15 GMT+0000 (…)`
  dates: {
    pattern:
      String.raw`(?<!\w)(?:\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}\.\d{1,2}\.\d{4}` +
      String.raw`|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} \d{1,2}|\d{1,2} [A-Z][a-z]{2}) \d{4})` +
      String.raw`(?:(?:T|,? )\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?: ?(?:Z|(?:GMT|UTC)?[+-]\d{2}:?\d{2}|GMT|UTC))?` +
      String.raw`(?: \([^)\n]*\))?)?(?!\w)`,
    replace: 'DATE',
  },
  // Absolute paths of Unix and Windows and `file://` addresses, with a line and column behind them.
  paths: {
    pattern: String.raw`(?<![\w.:/\\])(?:file://)?(?:/(?:[\w.@+~-]+/)+[\w.@+~-]*|[A-Za-z]:\\(?:[\w .@+~-]+\\)*[\w.@+~-]*)(?::\d+){0,2}`,
    replace: 'PATH',
  },
  // `<Figure at 0x7f3a5c0012d0>`
  addresses: { pattern: String.raw`\b0x[0-9a-fA-F]+\b`, replace: 'ADDRESS' },
  uuids: {
    pattern: String.raw`\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b`,
    replace: 'UUID',
  },
};

/**
 * Reads a list of sanitizers from metadata or a file.
 *
 * @param where what was read, for the message: `noise.json`
 * @throws TypeError naming `where`, the entry, what was given and what was expected
 */
export function readSanitizers(value: unknown, where: string): Sanitizer[] {
  if (!Array.isArray(value))
    throw new TypeError(`${where} is ${shown(value)}, expected a list of sanitizers`);
  return value.map((entry: unknown, i) =>
    readSanitizer(entry, (finding) => new TypeError(`${where}[${i}]${finding}`)),
  );
}

function readSanitizer(entry: unknown, wrong: (finding: string) => Error): Sanitizer {
  if (typeof entry === 'string') {
    if (Object.hasOwn(builtInSanitizers, entry)) return builtInSanitizers[entry];
    throw wrong(
      ` is ${shown(entry)}, expected { pattern, replace } or one of ${Object.keys(builtInSanitizers).join(', ')}`,
    );
  }
  const fields = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<
    Record<string, unknown>
  >;
  const { pattern, flags = '', replace, ...rest } = fields;
  if (typeof pattern !== 'string' || typeof replace !== 'string')
    throw wrong(` is ${shown(entry)}, expected { pattern, replace } or the name of a built-in sanitizer`);
  if (typeof flags !== 'string') throw wrong(`.flags is ${shown(flags)}, expected a string such as 'i'`);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw wrong(`.${unknown} is no field of a sanitizer: pattern, flags, replace`);
  let expression: RegExp;
  try {
    expression = expressionOf({ pattern, flags, replace });
  } catch (error) {
    throw wrong(`.pattern: ${(error as Error).message}`);
  }
  if (expression.test('')) throw wrong(`.pattern: /${pattern}/ matches the empty text, so everywhere`);
  return flags === '' ? { pattern, replace } : { pattern, flags, replace };
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
}

/** All matches, and `^` and `$` at every line. */
function expressionOf({ pattern, flags = '' }: Sanitizer): RegExp {
  return new RegExp(pattern, [...new Set(`gm${flags}`)].join(''));
}

/** A function that applies the sanitizers one after another, in their order. */
export function sanitizer(sanitizers: readonly Sanitizer[]): (text: string) => string {
  const rules = sanitizers.map((rule) => ({ expression: expressionOf(rule), replace: rule.replace }));
  return (text) => rules.reduce((done, rule) => done.replace(rule.expression, rule.replace), text);
}
