/**
 * A loop that does nothing but multiply and add, in registers: how fast the machine's arithmetic is when nothing has
 * to be fetched from memory. Each of `sums` running sums is multiplied and added to in turn,
 *
 *   sum = sum · a + b,
 *
 * so that each step of a sum waits for the one before it, while different sums do not wait for each other.
 */
import { checkOptions, flag, oneOf, whole } from '../check';
import type { OptionRules } from '../check';
import { EnvironmentError } from '../errors';
import { platform } from '../platform/node';

export interface RegisterLoop {
  /** Multiply-adds of one `run`. */
  readonly multiplyAdds: number;
  /** Runs the loop; the result is the limit of every sum, b / (1 − a) = 2. */
  run(): number;
}

/** Steps of all sums in one turn of the loop, so that the cost of the loop itself is negligible. */
const UNROLLED = 8;
const TURNS = 50_000;

export interface RegisterLoopOptions {
  /** Running sums, 1 to 32. */
  readonly sums: number;
  /** 4 for vectors of four floats (SIMD), 1 for single floats. */
  readonly lanes: 1 | 4;
  /** Multiply and add in one instruction, relaxed SIMD's, as in the engine's `fast` build; with 4 lanes. Default false. */
  readonly fused?: boolean;
}

const optionRules: OptionRules<RegisterLoopOptions> = {
  sums: whole(1, 32),
  lanes: oneOf(1, 4),
  fused: flag,
};

/**
 * @throws RangeError for other numbers, or for single floats that are to be fused
 * @throws EnvironmentError when fused and WebAssembly has no relaxed SIMD here
 * @example const loop = registerLoop({ sums: 8, lanes: 4 }); loop.run(); // 12,800,000 multiply-adds
 */
export function registerLoop(o: RegisterLoopOptions): RegisterLoop {
  checkOptions('registerLoop', o, optionRules, { required: ['sums', 'lanes'] });
  const { sums, lanes, fused = false } = o;
  if (fused && lanes !== 4) throw new RangeError('registerLoop: lanes is 1, expected 4 with fused');
  if (fused) platform.allowRelaxedSimd();
  const bytes = Uint8Array.from(assemble(sums, fused ? fusedVector : lanes === 4 ? vector : scalar));
  if (fused && !WebAssembly.validate(bytes)) {
    throw new EnvironmentError(
      'NO_WEBASSEMBLY',
      'registerLoop: WebAssembly here has no relaxed SIMD, which fused needs',
    );
  }
  const { loop } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as {
    loop: (...numbers: number[]) => number;
  };
  const multiplyAdds = TURNS * UNROLLED * sums * lanes;
  return { multiplyAdds, run: () => loop(TURNS, 0.5, 1) };
}

// WebAssembly's binary format: https://webassembly.github.io/spec/core/binary/
const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const a = 3; // behind the parameters: a and b spread over the lanes, then the sums
const b = 4;
/** `multiplyAdd`: from a sum on the stack to the next. */
const scalar = {
  type: F32,
  spread: [] as number[],
  multiplyAdd: [...get(a), 0x94, ...get(b), 0x92],
  add: [0x92],
  take: [] as number[],
};
const vector = {
  type: V128,
  spread: [0xfd, 0x13], // f32x4.splat
  multiplyAdd: [...get(a), 0xfd, 0xe6, 0x01, ...get(b), 0xfd, 0xe4, 0x01], // f32x4.mul, f32x4.add
  add: [0xfd, 0xe4, 0x01],
  take: [0xfd, 0x1f, 0], // f32x4.extract_lane 0
};
const fusedVector = {
  ...vector,
  multiplyAdd: [...get(a), ...get(b), 0xfd, 0x85, 0x02], // f32x4.relaxed_madd
};

/** A module with one function `loop(turns: i32, a: f32, b: f32): f32`, the mean of the sums. */
function assemble(sums: number, op: typeof vector): number[] {
  const sum = Array.from({ length: sums }, (_, i) => 5 + i);
  const step = sum.flatMap((s) => [...get(s), ...op.multiplyAdd, ...set(s)]);
  const code = [
    ...[...get(1), ...op.spread, ...set(a), ...get(2), ...op.spread, ...set(b)],
    ...[0x03, 0x40], // loop
    ...Array<number[]>(UNROLLED).fill(step).flat(),
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // until turns = turns − 1 is 0
    ...get(sum[0]),
    ...sum.slice(1).flatMap((s) => [...get(s), ...op.add]),
    ...op.take,
    ...[0x43, ...new Uint8Array(Float32Array.of(sums).buffer), 0x95], // divided by their number
    0x0b,
  ];
  const body = [1, ...unsigned(2 + sums), op.type, ...code];
  return [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, I32, F32, F32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 4, ...new TextEncoder().encode('loop'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ];
}

const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];

/** Seven bits a byte, the lowest first (LEB128). */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
