/**
 * Tensors inside a widget's JSON. A notebook keeps them, so they are stored in the fewest characters that give back
 * every number to the bit: a plain list for a handful, else base64 of the smallest type that holds all of them.
 */
import type { NDArray } from '../ndarray';

/** What represents a tensor in the JSON: its shape, and its numbers in one of two forms. */
interface Stored {
  readonly tensor: readonly number[];
  readonly numbers: readonly number[] | { readonly type: keyof typeof TYPES; readonly base64: string };
}

/** From the smallest. All machines that browsers and Node run on store them with the lowest byte first. */
const TYPES = { uint8: Uint8Array, float32: Float32Array, float64: Float64Array } as const;

/** JSON of `data`, whose tensors ({@link NDArray}) may be anywhere in it. */
export function toJson(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => (isTensor(value) ? store(value) : value));
}

/** What {@link toJson} was given. */
export function fromJson(json: string): unknown {
  return JSON.parse(json, (_, value: unknown) => (isStored(value) ? load(value) : value));
}

function store({ shape, data }: NDArray): Stored {
  const type = (Object.keys(TYPES) as (keyof typeof TYPES)[]).find((name) => {
    const copy = TYPES[name].from(data);
    return data.every((value, i) => Object.is(copy[i], value));
  });
  const list = Array.from(data);
  const isListExact = list.every((value) => Number.isFinite(value) && !Object.is(value, -0));
  if (type === undefined) return { tensor: shape, numbers: list };
  const bytes = new Uint8Array(TYPES[type].from(data).buffer);
  const packed = { type, base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
  const isListShorter = JSON.stringify(list).length <= JSON.stringify(packed).length;
  return { tensor: shape, numbers: isListExact && isListShorter ? list : packed };
}

function load({ tensor, numbers }: Stored): NDArray {
  if (!('base64' in numbers)) return { shape: tensor, data: Float64Array.from(numbers) };
  const bytes = Uint8Array.from(atob(numbers.base64), (character) => character.charCodeAt(0));
  return { shape: tensor, data: Float64Array.from(new TYPES[numbers.type](bytes.buffer)) };
}

function isTensor(value: unknown): value is NDArray {
  const { shape, data } = (value ?? {}) as Partial<NDArray>;
  return Array.isArray(shape) && Object.prototype.toString.call(data) === '[object Float64Array]';
}

function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && 'tensor' in value && 'numbers' in value;
}
