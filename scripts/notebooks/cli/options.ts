/** The command line, checked: what comes out can be relied upon, and anything wrong is reported in one sentence. */
import { availableParallelism } from 'node:os';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '../../commandLine';
import { parseBytes } from '../bytes';
import type { Selection } from '../notebook/find';
import type { Command } from '../result';

export interface Options extends Selection {
  readonly command: Command;
  readonly help: boolean;
  readonly jobs: number;
  readonly failFast: boolean;
  readonly timeoutSeconds: number;
  readonly startupSeconds: number;
  readonly memoryBytes: number;
  readonly repeat: number;
  readonly retries: number;
  /** How many other seeds are tried. */
  readonly runs: number;
  readonly watch: boolean;
  readonly kernel?: string;
  readonly report?: string;
  /** Where copies of the notebooks that fail are stored. */
  readonly keep?: string;
  /** What stored outputs are compared with, instead of running. */
  readonly against?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether outputs are compared at all; those of overridden parameters are not. */
  readonly compare: boolean;
  readonly tolerance?: number;
  readonly sanitize?: string;
  readonly parameters: ReadonlyMap<string, string>;
}

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
  repeat: { type: 'string', of: TEST },
  retries: { type: 'string', of: RUN },
  watch: { type: 'boolean', of: ['test', 'types'], short: 'w' },
  'types-only': { type: 'boolean', of: ['types'] },
  against: { type: 'string', of: ['against'] },
  kernel: { type: 'string', of: [...RUN, 'types'] },
  runs: { type: 'string', of: ['seeds'] },
  keep: { type: 'string', of: ['test', 'update'] },
  report: { type: 'string', of: CHECKING },
  json: { type: 'boolean', of: ALL },
  quiet: { type: 'boolean', of: ALL, short: 'q' },
  'no-compare': { type: 'boolean', of: ['test', 'update'] },
  tolerance: { type: 'string', of: COMPARING },
  sanitize: { type: 'string', of: COMPARING },
  param: { type: 'string', of: ['test', 'seeds'] },
};

export function parseOptions(args: readonly string[]): Options {
  const [word, ...rest] = args;
  if (word !== 'test' && word !== 'update' && word !== 'clean' && word !== 'seeds') {
    throw new UsageError(`expected test, update, clean or seeds as the first word, got ${word ?? 'nothing'}`);
  }
  const { values, positionals } = parse(rest);
  const instead = ['types-only', 'against'].filter((name) => name in values);
  if (instead.length > 1) throw new UsageError('--types-only and --against contradict each other');
  const command =
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
  const text = (name: string) => values[name] as string | undefined;
  const flag = (name: string) => values[name] === true;
  const options: Options = {
    command,
    paths: positionals,
    help: flag('help'),
    jobs: whole('jobs', text('jobs'), 1) ?? DEFAULTS.jobs,
    shard: shard(text('shard')),
    grep: pattern(text('grep')),
    failFast: flag('fail-fast'),
    timeoutSeconds: seconds('timeout', text('timeout')) ?? DEFAULTS.timeoutSeconds,
    startupSeconds: seconds('startup-timeout', text('startup-timeout')) ?? DEFAULTS.startupSeconds,
    memoryBytes: size('memory-limit', text('memory-limit')) ?? DEFAULTS.memoryBytes,
    repeat: whole('repeat', text('repeat'), 1) ?? 1,
    retries: whole('retries', text('retries'), 0) ?? 0,
    runs: whole('runs', text('runs'), 1) ?? DEFAULTS.runs,
    watch: flag('watch'),
    kernel: text('kernel'),
    report: text('report'),
    keep: text('keep'),
    against: text('against'),
    json: flag('json'),
    quiet: flag('quiet'),
    compare: !flag('no-compare'),
    tolerance: tolerance(text('tolerance')),
    sanitize: text('sanitize'),
    parameters: parameters((values.param as string[] | undefined) ?? []),
  };
  checkTogether(options);
  return options;
}

function checkTogether({ watch, json, report }: Options): void {
  if (watch && (json || report !== undefined)) {
    throw new UsageError(`--watch never ends, so it cannot be combined with ${json ? '--json' : '--report'}`);
  }
}

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

function whole(name: string, given: string | undefined, lowest: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= lowest && Number.isSafeInteger(value)) return value;
  throw wrong(name, given, `a whole number of at least ${lowest}`);
}

/** `90`, `90s`, `2m`, `500ms`. */
function seconds(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(given);
  const value = match
    ? Number(match[1]) * { ms: 0.001, s: 1, m: 60 }[(match[2] ?? 's') as 'ms' | 's' | 'm']
    : 0;
  // setTimeout counts in 32 bits of milliseconds.
  if (value > 0 && value <= 2_000_000) return value;
  throw wrong(name, given, 'seconds above 0, such as 90, 500ms or 2m');
}

function size(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = parseBytes(given);
  if (value !== undefined) return value;
  throw wrong(name, given, 'a size such as 800MB or 2GB');
}

function tolerance(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw wrong('tolerance', given, 'a number of at least 0, such as 1e-3');
}

function shard(given: string | undefined): Options['shard'] {
  if (given === undefined) return undefined;
  const match = /^(\d+)\/(\d+)$/.exec(given);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (index >= 1 && index <= count) return { index, count };
  throw wrong('shard', given, 'i/n with 1 ≤ i ≤ n, such as 1/3');
}

function pattern(given: string | undefined): RegExp | undefined {
  if (given === undefined) return undefined;
  try {
    return new RegExp(given, 'i');
  } catch (error) {
    throw new UsageError(`--grep is not a regular expression: ${(error as Error).message}`);
  }
}

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
