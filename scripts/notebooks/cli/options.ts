/** The command line, checked: what comes out can be relied upon, and anything wrong is reported in one sentence. */
import { availableParallelism } from 'node:os';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { queueOption } from '../../jobs/options';
import { UsageError } from '../../commandLine';
import { parseBytes } from '../bytes';
import type { Command } from '../result';

export const DEFAULTS = {
  /** More would start more TypeScript compilers (220 MB each) than is useful on most machines. */
  jobs: Math.min(availableParallelism(), 8),
  timeoutSeconds: 120,
  startupSeconds: 60,
  runs: 5,
  memoryBytes: 4 * 2 ** 30,
  /** Bytes of output a cell may produce: a notebook that is larger cannot be read on a code host either. */
  outputBytes: 16 * 2 ** 20,
} as const;

/** Which commands take which option; those that run nothing have words of their own. */
const RUN: readonly Command[] = ['test', 'update', 'seeds'];
const TEST: readonly Command[] = ['test'];
const COMPARING: readonly Command[] = ['test', 'update', 'against'];
const CHECKING: readonly Command[] = ['test', 'update', 'seeds', 'types', 'against'];
const ALL: readonly Command[] = ['test', 'update', 'clean', 'seeds', 'types', 'against'];
const OPTIONS: Readonly<
  Record<string, { type: 'string' | 'boolean'; of: readonly Command[]; short?: string }>
> = {
  help: { type: 'boolean', of: ALL, short: 'h' },
  jobs: { type: 'string', of: RUN, short: 'j' },
  shard: { type: 'string', of: CHECKING },
  grep: { type: 'string', of: ALL, short: 'g' },
  'fail-fast': { type: 'boolean', of: RUN },
  timeout: { type: 'string', of: RUN },
  'startup-timeout': { type: 'string', of: RUN },
  'memory-limit': { type: 'string', of: RUN },
  record: { type: 'boolean', of: TEST },
  repeat: { type: 'string', of: TEST },
  retries: { type: 'string', of: RUN },
  watch: { type: 'boolean', of: ['test', 'types'], short: 'w' },
  'types-only': { type: 'boolean', of: ['types'] },
  against: { type: 'string', of: ['against'] },
  kernel: { type: 'string', of: [...RUN, 'types'] },
  runs: { type: 'string', of: ['seeds'] },
  queue: { type: 'string', of: ['seeds'] },
  keep: { type: 'string', of: ['test', 'update'] },
  report: { type: 'string', of: CHECKING },
  json: { type: 'boolean', of: ALL },
  quiet: { type: 'boolean', of: ALL, short: 'q' },
  'no-compare': { type: 'boolean', of: ['test', 'update'] },
  tolerance: { type: 'string', of: COMPARING },
  sanitize: { type: 'string', of: COMPARING },
  param: { type: 'string', of: ['test', 'seeds'] },
};

/** @throws UsageError */
export function parseOptions(args: readonly string[]) {
  const [word, ...rest] = args;
  if (word !== 'test' && word !== 'update' && word !== 'clean' && word !== 'seeds') {
    throw new UsageError(`expected test, update, clean or seeds as the first word, got ${word ?? 'nothing'}`);
  }
  const { values, positionals } = parse(rest);
  const instead = ['types-only', 'against'].filter((name) => name in values);
  if (instead.length > 1) throw new UsageError('--types-only and --against contradict each other');
  const command: Command =
    word !== 'test' || instead.length === 0 ? word : instead[0] === 'against' ? 'against' : 'types';
  for (const name of Object.keys(values)) {
    if (!OPTIONS[name].of.includes(command)) {
      const isOwn = command === 'types' || command === 'against';
      throw new UsageError(
        isOwn
          ? `--${instead[0]} runs nothing, so it takes no --${name}`
          : `notebooks:${word} takes no --${name}`,
      );
    }
    if (values[name] === '') throw new UsageError(`--${name} needs a value, it is empty`);
  }
  // `-- "$UNSET"` would otherwise mean all notebooks.
  if (positionals.includes('')) throw new UsageError('a path is empty, expected a notebook or a folder');
  const flag = (name: string) => values[name] === true;
  const text = (name: string) => values[name] as string | undefined;
  const value = <T>(name: string, read: (given: string, name: string) => T): T | undefined => {
    const given = text(name);
    return given === undefined ? undefined : read(given, name);
  };
  const options = {
    command,
    paths: positionals,
    help: flag('help'),
    jobs: value('jobs', wholeFrom(1)) ?? DEFAULTS.jobs,
    shard: value('shard', shard),
    grep: value('grep', pattern),
    /** Whether the times are stored by which --shard divides. */
    record: flag('record'),
    failFast: flag('fail-fast'),
    timeoutSeconds: value('timeout', seconds) ?? DEFAULTS.timeoutSeconds,
    startupSeconds: value('startup-timeout', seconds) ?? DEFAULTS.startupSeconds,
    memoryBytes: value('memory-limit', size) ?? DEFAULTS.memoryBytes,
    repeat: value('repeat', wholeFrom(1)) ?? 1,
    retries: value('retries', wholeFrom(0)) ?? 0,
    /** How many other seeds are tried. */
    runs: value('runs', wholeFrom(1)) ?? DEFAULTS.runs,
    /** Whose workers run them instead of this machine. */
    queue: command === 'seeds' ? queueOption(text('queue')) : undefined,
    watch: flag('watch'),
    kernel: text('kernel'),
    report: text('report'),
    /** Where copies of the notebooks that fail are stored. */
    keep: text('keep'),
    /** What stored outputs are compared with, instead of running. */
    against: text('against'),
    json: flag('json'),
    quiet: flag('quiet'),
    /** Whether outputs are compared at all; those of overridden parameters are not. */
    compare: !flag('no-compare'),
    tolerance: value('tolerance', tolerance),
    sanitize: text('sanitize'),
    parameters: parameters((values.param as string[] | undefined) ?? []),
  };
  if (options.watch && (options.json || options.report !== undefined)) {
    const other = options.json ? '--json' : '--report';
    throw new UsageError(`--watch never ends, so it cannot be combined with ${other}`);
  }
  return options;
}

export type Options = Readonly<ReturnType<typeof parseOptions>>;

function parse(args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { type, short }]) => [
      name,
      { type, multiple: name === 'param', ...(short ? { short } : {}) },
    ]),
  ) satisfies ParseArgsConfig['options'];
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node names both forms of an option: '-j, --jobs <value>'.
    const name = /'(?:-\w, )?(-[^ ',<=]*)/.exec(message)?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw new UsageError(`unknown option ${name} (--help lists all options)`);
    }
    if (message.includes('does not take an argument')) throw new UsageError(`${name} takes no value`);
    if (message.includes('argument')) throw new UsageError(`${name} needs a value`);
    throw new UsageError(message.split('.')[0]);
  }
}

const wrong = (name: string, given: string, expected: string) =>
  new UsageError(`--${name} is '${given}', expected ${expected}`);

type Read<T> = (given: string, name: string) => T;

const wholeFrom =
  (lowest: number): Read<number> =>
  (given, name) => {
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= lowest && Number.isSafeInteger(value)) return value;
    throw wrong(name, given, `a whole number of at least ${lowest}`);
  };

/** `90`, `90s`, `2m`, `500ms`. */
const seconds: Read<number> = (given, name) => {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(given) ?? [];
  const value = Number(digits) * { ms: 0.001, s: 1, m: 60 }[unit as 'ms' | 's' | 'm'];
  // setTimeout counts in 32 bits of milliseconds.
  if (value > 0 && value <= 2_000_000) return value;
  throw wrong(name, given, 'seconds above 0, such as 90, 500ms or 2m');
};

const size: Read<number> = (given, name) => {
  const value = parseBytes(given);
  if (value !== undefined) return value;
  throw wrong(name, given, 'a size such as 800MB or 2GB');
};

const tolerance: Read<number> = (given, name) => {
  const value = Number(given);
  if (given.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw wrong(name, given, 'a number of at least 0, such as 1e-3');
};

const shard: Read<{ readonly index: number; readonly count: number }> = (given, name) => {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(given) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw wrong(name, given, 'i/n with 1 ≤ i ≤ n, such as 1/3');
};

const pattern: Read<RegExp> = (given, name) => {
  try {
    return new RegExp(given, 'i');
  } catch (error) {
    throw new UsageError(`--${name} is not a regular expression: ${(error as Error).message}`);
  }
};

function parameters(given: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const text of given) {
    const match = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(text);
    if (!match) throw wrong('param', text, 'name=value, such as epochs=2');
    if (values.has(match[1])) throw new UsageError(`--param ${match[1]} is given twice`);
    values.set(match[1], match[2]);
  }
  return values;
}
