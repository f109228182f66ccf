/**
 * Sanitizers: regular expressions whose matches are replaced in the stored and in the fresh text before the two are
 * compared, so that noise (a date, a duration, a path) is ignored and the numbers beside it are not.
 *
 * They are written as JSON, the same in a notebook's or cell's `metadata.convlab.compare.sanitize` and in the file of
 * `--sanitize FILE`: a list of built-in names and of `{ "pattern": "…", "flags": "i", "replace": "…" }`. JSON rather than
 * nbval's ini file, because notebook metadata is JSON and one form is enough; `replace` may use `$1` and `$<name>`.
 */
import { z } from 'zod';
import { section } from '../finding';
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

const expected = `{ pattern, replace } or one of ${Object.keys(builtInSanitizers).join(', ')}`;

const own = section({
  pattern: z.string({ error: 'a regular expression' }),
  flags: z.string({ error: "a string such as 'i'" }).optional(),
  replace: z.string({ error: 'the text that takes its place' }),
}).superRefine((rule, context) => {
  try {
    if (!expressionOf(rule).test('')) return;
    context.addIssue({
      code: 'custom',
      path: ['pattern'],
      message: 'one that does not match the empty text',
    });
  } catch (error) {
    const message = `a regular expression (${(error as Error).message})`;
    context.addIssue({ code: 'custom', path: ['pattern'], message });
  }
});

const builtIn = z
  .enum(Object.keys(builtInSanitizers), { error: expected })
  .transform((name) => builtInSanitizers[name]);

/** A list of names of {@link builtInSanitizers} and of rules. */
export const sanitizers = z.array(z.union([builtIn, own], { error: expected }), {
  error: 'a list of sanitizers',
});

/** All matches, and `^` and `$` at every line. */
function expressionOf({ pattern, flags = '' }: Sanitizer): RegExp {
  return new RegExp(pattern, [...new Set(`gm${flags}`)].join(''));
}

/** A function that applies the sanitizers one after another, in their order. */
export function sanitizer(given: readonly Sanitizer[]): (text: string) => string {
  const rules = given.map((rule) => ({ expression: expressionOf(rule), replace: rule.replace }));
  return (text) => rules.reduce((done, rule) => done.replace(rule.expression, rule.replace), text);
}
