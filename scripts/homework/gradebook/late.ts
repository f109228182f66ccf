/** What handing in late costs. */
import { UsageError } from '../../commandLine';

/** `none`, `zero` (a late submission gets nothing), or a share of the points for every begun day or hour. */
const SHARE = /^(\d+(?:\.\d+)?)%\/(day|hour)$/;

const HOURS = { day: 24, hour: 1 } as const;

/** @throws UsageError if it is not a rule */
export function checkLateRule(option: string, rule: string): string {
  const share = SHARE.exec(rule);
  if (rule === 'none' || rule === 'zero' || (share && Number(share[1]) <= 100)) return rule;
  throw new UsageError(
    `${option} is '${rule}', expected none, zero, or a share such as 10%/day or 2.5%/hour`,
  );
}

/**
 * The points that are taken off, at most all.
 *
 * @param raw the points before
 * @param submitted ISO 8601; undefined (nobody knows when) is never late
 */
export function latePenalty(
  rule: string,
  raw: number,
  submitted: string | undefined,
  due: string | undefined,
): number {
  if (submitted === undefined || due === undefined || rule === 'none') return 0;
  const hours = (Date.parse(submitted) - Date.parse(due)) / 3_600_000;
  if (!(hours > 0)) return 0;
  if (rule === 'zero') return raw;
  const [, percent, unit] = SHARE.exec(rule) as unknown as [string, string, keyof typeof HOURS];
  const share = Math.min(1, (Number(percent) / 100) * Math.ceil(hours / HOURS[unit]));
  return Math.round(100 * raw * share) / 100;
}

/** `due 2026-11-20 23:59:00 UTC; handed in later, 10%/day is taken off`. */
export function dueLine(due: string, rule: string): string {
  const losing = { none: 'nothing is taken off', zero: 'no points' }[rule] ?? `${rule} is taken off`;
  return `due ${due.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}; handed in later, ${losing}`;
}

/**
 * A moment as nbgrader writes it into `timestamp.txt` (`2026-11-20 23:59:00.123456 UTC`) or as people type it: ISO 8601,
 * UTC unless it says otherwise.
 *
 * @returns ISO 8601 in UTC, or undefined if it is not a moment
 */
export function readMoment(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?)? ?(UTC|Z|[+-]\d\d:?\d\d)?$/.exec(
    text.trim(),
  );
  if (!parts) return undefined;
  const [, day, time = '00:00', fraction = '0', zone = 'Z'] = parts;
  const seconds = time.length === 5 ? `${time}:00` : time;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const moment = new Date(`${day}T${seconds}.${fraction.slice(0, 3)}${offset}`);
  // JavaScript takes November 31st for December 1st.
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return Number.isNaN(moment.getTime()) || !isDay ? undefined : moment.toISOString();
}
