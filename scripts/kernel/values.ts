/**
 * How a cell's result is printed. Tensors, wherever they are in it, appear as shape, dtype and a few values, and a
 * network as the table of its layers: printed as ordinary objects, both would fill screens with their internals.
 */
import { inspect } from 'node:util';

/** How many values of a tensor are shown. */
const MOST_VALUES = 8;
/** How deep to look for tensors: `{ dx, dkernel }`, or a list of such objects. */
const DEEPEST = 3;

export function valueText(value: unknown): string {
  return networkText(value) ?? tensorText(value) ?? inspect(withTensors(value, DEEPEST));
}

/** TensorFlow.js' tensors keep their values elsewhere; ConvLab's arrays have them in `data`. */
interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<unknown>;
}

interface NDArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

function tensorText(value: unknown): string | undefined {
  if (isTensor(value)) {
    const head = `Tensor ${value.dtype} ${listed(value.shape)}`;
    return value.isDisposed ? `${head}, disposed` : `${head}: ${few(value.dataSync())}`;
  }
  return isNDArray(value) ? `NDArray float64 ${listed(value.shape)}: ${few(value.data)}` : undefined;
}

export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, dtype, dataId, dataSync } = value as Record<string, unknown>;
  return (
    Array.isArray(shape) &&
    typeof dtype === 'string' &&
    dataId !== undefined &&
    typeof dataSync === 'function'
  );
}

function isNDArray(value: unknown): value is NDArray {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, data } = value as Partial<NDArray>;
  return Array.isArray(shape) && data instanceof Float64Array && Object.keys(value).length === 2;
}

function listed(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function few(values: ArrayLike<unknown>): string {
  const first = Array.from({ length: Math.min(values.length, MOST_VALUES) }, (_, index) =>
    shortNumber(values[index]),
  );
  const more = values.length - first.length;
  return `${first.join(', ')}${more > 0 ? `, … ${more} more` : ''}`;
}

/** Six digits are enough for float32: 0.1, not 0.10000000149011612. */
function shortNumber(value: unknown): string {
  return inspect(typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(6)) : value);
}

/** The value with its tensors replaced by their descriptions; the value itself if it has none. */
function withTensors(value: unknown, depth: number): unknown {
  const text = tensorText(value);
  if (text !== undefined) return { [inspect.custom]: () => text };
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  // Node prints only the first hundred of a longer list, and a list of tensors is shorter.
  if (Array.isArray(value) ? value.length > 100 : Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  // Node shows a getter without running it, which may change something, or throw.
  if (Object.values(Object.getOwnPropertyDescriptors(value)).some((property) => 'get' in property))
    return value;
  const entries = Object.entries(value).map(
    ([key, part]) => [key, part, withTensors(part, depth - 1)] as const,
  );
  if (entries.every(([, part, shown]) => part === shown)) return value;
  return Object.assign(
    Array.isArray(value) ? [] : {},
    Object.fromEntries(entries.map(([key, , shown]) => [key, shown])),
  );
}

/** TensorFlow.js' summary of a network. */
function networkText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { layers, summary } = value as { layers?: unknown; summary?: unknown };
  if (!Array.isArray(layers) || typeof summary !== 'function') return undefined;
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  try {
    (summary as (width?: number, positions?: number[], print?: (line: string) => void) => void).call(
      value,
      undefined,
      undefined,
      print,
    );
  } catch {
    // Without layers, or without the shape of an input, it has no table yet.
    const names = layers.map((layer) => String((layer as { name?: unknown } | null)?.name));
    return `network without an input shape yet; ${names.length === 0 ? 'no layers' : `layers: ${names.join(', ')}`}`;
  }
  return lines.join('\n');
}
