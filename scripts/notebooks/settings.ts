/**
 * What a notebook asks of the runner: `metadata.convlab` of the notebook and of its cells (documented in README.md).
 * A cell's settings win over the notebook's, the notebook's over the command line's.
 */
import { parseBytes } from './bytes';
import { readCompareSettings, type CompareSettings } from './compare';

export interface Budget {
  readonly seconds?: number;
  /** Peak resident memory of the kernel, in bytes. */
  readonly memory?: number;
  /** Tensors that may be alive afterwards beyond those before. */
  readonly tensors?: number;
}

export interface CellSettings {
  readonly compare: CompareSettings;
  /** Seconds a cell may take. */
  readonly timeout?: number;
  readonly budget?: Budget;
  /** Hash of the source that made the stored outputs, written by `notebooks:update`. */
  readonly source?: string;
}

export interface NotebookSettings {
  readonly compare: CompareSettings;
  /** Seconds each cell may take. */
  readonly timeout?: number;
  /** Bytes of resident memory at which the kernel is killed. */
  readonly memoryLimit?: number;
  /** Bytes of output that a cell may produce. */
  readonly outputLimit?: number;
  readonly budget?: Budget;
}

/** @param where what the value was found in, for the message: `01-convolution.ipynb` */
export function notebookSettings(value: unknown, where: string): NotebookSettings {
  const read = reader(value, `${where}: metadata.convlab`, [
    'compare',
    'timeout',
    'memoryLimit',
    'outputLimit',
    'budget',
  ]);
  return compact({
    compare: read('compare', (entry) => readCompareSettings(entry, where)) ?? {},
    timeout: read('timeout', positive),
    memoryLimit: read('memoryLimit', bytes),
    outputLimit: read('outputLimit', bytes),
    budget: read('budget', budget),
  });
}

/** @param where as above, with the cell: `01-convolution.ipynb, cell 3` */
export function cellSettings(value: unknown, where: string): CellSettings {
  const read = reader(value, `${where}: metadata.convlab`, ['compare', 'timeout', 'budget', 'source']);
  return compact({
    compare: read('compare', (entry) => readCompareSettings(entry, where)) ?? {},
    timeout: read('timeout', positive),
    budget: read('budget', budget),
    source: read('source', text),
  });
}

type Parser<T> = (value: unknown, where: string) => T;
type Read = <T>(key: string, parse: Parser<T>) => T | undefined;

/** Reads one key after the other from an object that may have no others: a mistyped setting must not be silent. */
function reader(value: unknown, where: string, known: readonly string[]): Read {
  if (value === undefined) return () => undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${where} is ${JSON.stringify(value)}, expected an object`);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new TypeError(`${where}: unknown field '${key}', expected ${known.join(', ')}`);
    }
  }
  return (key, parse) => {
    const entry = (value as Record<string, unknown>)[key];
    return entry === undefined ? undefined : parse(entry, `${where}.${key}`);
  };
}

const wrong = (where: string, value: unknown, expected: string) =>
  new TypeError(`${where} is ${JSON.stringify(value)}, expected ${expected}`);

const positive: Parser<number> = (value, where) => {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw wrong(where, value, 'a number above 0');
};

const notNegative: Parser<number> = (value, where) => {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  throw wrong(where, value, 'a number of at least 0');
};

const bytes: Parser<number> = (value, where) => {
  const size = parseBytes(value);
  if (size === undefined) throw wrong(where, value, 'a number of bytes or a size such as "800MB"');
  return size;
};

const text: Parser<string> = (value, where) => {
  if (typeof value === 'string') return value;
  throw wrong(where, value, 'a string');
};

const budget: Parser<Budget> = (value, where) => {
  const read = reader(value, where, ['seconds', 'memory', 'tensors']);
  return compact({
    seconds: read('seconds', positive),
    memory: read('memory', bytes),
    tensors: read('tensors', notNegative),
  });
};

/** Without the keys whose value is undefined. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
