/**
 * The initial kernels of the course's networks, to the bit those that TensorFlow.js draws from the same seed, without
 * TensorFlow.js: uniform in ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010), from the generator Alea.
 */

/** The kernel of a dense layer, [in, out], or of a convolution, [kernelHeight, kernelWidth, in, out]. @param seed not 0 */
export function glorotUniform(shape: readonly number[], seed: number): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const [inputs, outputs] = shape.slice(-2);
  const window = size / (inputs * outputs);
  const scale = 1 / Math.max(1, (inputs * window + outputs * window) / 2);
  const limit = Math.sqrt(3 * scale);
  const next = alea(String(seed));
  return Float32Array.from({ length: size }, () => -limit + 2 * limit * next());
}

const TWO_TO_MINUS_32 = 2.3283064365386963e-10;

/** Numbers in [0, 1): Johannes Baagøe's Alea (2010, MIT licence), which the package `seedrandom` calls `alea`. */
function alea(seed: string): () => number {
  const mash = masher();
  const state = [mash(' '), mash(' '), mash(' ')].map((start) => {
    const mixed = start - mash(seed);
    return mixed < 0 ? mixed + 1 : mixed;
  });
  let carry = 1;
  return () => {
    const sum = 2091639 * state[0] + carry * TWO_TO_MINUS_32;
    carry = sum | 0;
    state.push(sum - carry);
    state.shift();
    return state[2];
  };
}

/** A hash that remembers all it has been given. */
function masher(): (text: string) => number {
  let n = 0xefc8249d;
  return (text) => {
    for (let i = 0; i < text.length; i++) {
      n += text.charCodeAt(i);
      let h = 0.02519603282416938 * n;
      n = h >>> 0;
      h -= n;
      h *= n;
      n = h >>> 0;
      h -= n;
      n += h * 0x100000000;
    }
    return (n >>> 0) * TWO_TO_MINUS_32;
  };
}
