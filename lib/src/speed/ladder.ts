/**
 * One convolution, from a plain loop in WebAssembly to the engine that trains the networks: for measuring what each
 * improvement is worth (notebook 13). Stride 1, no padding, no bias, float32.
 */
import { check, checkOptions, checkSize, oneOf, shown } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { checkArray, imageAxes } from '../ops/operands';
import { tensorflow } from '../backend/tensorflow';
import { createEngine } from '../engine';
import { platform } from '../platform/node';
import { threadsRule } from '../threadCount';

/** In the order of improvement; `kernels/assembly/ladder.ts` says what each does. */
export type WasmLoop = 'scalar' | 'lanes' | 'registers';

export interface WasmConvolution {
  /** Computes the output in WebAssembly, on this thread. */
  run(loop: WasmLoop): void;
  /** What the last run computed, [batch, outHeight, outWidth, filters]. */
  output(): NDArray;
}

export interface EngineConvolution {
  /** Computes the output on the engine's threads; copying the images in and the outputs out is part of it. */
  run(): Promise<Float32Array>;
  /** Of the output: [batch, outHeight, outWidth, filters]. */
  readonly shape: readonly number[];
  dispose(): Promise<void>;
}

const wasmLoop = oneOf<WasmLoop>('scalar', 'lanes', 'registers');

export interface EngineConvolutionOptions {
  readonly threads: number;
}

const optionRules: OptionRules<EngineConvolutionOptions> = { threads: threadsRule };

type Loop = (...sizes: number[]) => void;

let compiled: WebAssembly.Module | undefined;

/**
 * Lays the images and the kernel out in WebAssembly's memory, for {@link WasmConvolution.run}.
 *
 * @param x `[batch, height, width, inChannels]`
 * @param kernel `[kernelHeight, kernelWidth, inChannels, filters]`; filters a multiple of 4, at least 4 output columns
 * @throws RangeError when shapes do not fit each other or the loops
 * @example const wasm = wasmConvolution(x, kernel); wasm.run('lanes'); wasm.output();
 */
export function wasmConvolution(x: NDArray, kernel: NDArray): WasmConvolution {
  const shape = outputShape('wasmConvolution', x, kernel);
  const [batch, outHeight, outWidth, filters] = shape;
  if (filters % 4 !== 0) {
    throw new RangeError(`wasmConvolution: kernel has ${filters} filters, expected a multiple of 4`);
  }
  if (outWidth < 4)
    throw new RangeError(`wasmConvolution: the output has ${outWidth} columns, expected at least 4`);
  const [, height, width, channels] = x.shape;
  const output = zeros(shape);
  // One after the other, each beginning at a cache line; the loops have no static data.
  const addresses = [4096];
  for (const { data } of [x, kernel, output]) {
    addresses.push(Math.ceil((addresses[addresses.length - 1] + 4 * data.length) / 64) * 64);
  }
  const [xAt, kernelAt, yAt, end] = addresses;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536) });
  compiled ??= new WebAssembly.Module(platform.readModule('ladder.wasm'));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const loops = exports as unknown as Readonly<Record<WasmLoop, Loop>>;
  new Float32Array(memory.buffer, xAt, x.data.length).set(x.data);
  new Float32Array(memory.buffer, kernelAt, kernel.data.length).set(kernel.data);
  const sizes = [batch, outHeight, outWidth, height, width * channels, channels];
  const kernelSizes = [kernel.shape[0], kernel.shape[1] * channels, filters];
  return {
    run(loop) {
      check('wasmConvolution.run', 'loop', loop, wasmLoop);
      loops[loop](...sizes, ...kernelSizes, xAt, kernelAt, yAt);
    },
    output: () => {
      output.data.set(new Float32Array(memory.buffer, yAt, output.data.length));
      return { shape, data: output.data.slice() };
    },
  };
}

/**
 * The same convolution computed by the engine, as a network of one layer, on worker threads that live until `dispose`.
 *
 * @throws RangeError when shapes do not fit each other
 * @example const engine = engineConvolution(x, kernel, { threads: 2 }); await engine.run(); await engine.dispose();
 */
export function engineConvolution(
  x: NDArray,
  kernel: NDArray,
  o: EngineConvolutionOptions,
): EngineConvolution {
  checkOptions('engineConvolution', o, optionRules, { required: ['threads'] });
  const shape = outputShape('engineConvolution', x, kernel);
  const { layers, sequential, tensor, tidy } = tensorflow();
  const [kernelHeight, kernelWidth, , filters] = kernel.shape;
  const model = sequential({
    layers: [
      layers.conv2d({
        filters,
        kernelSize: [kernelHeight, kernelWidth],
        useBias: false,
        inputShape: [...x.shape.slice(1)],
      }),
      layers.flatten(),
    ],
  });
  tidy(() => model.setWeights([tensor(Float32Array.from(kernel.data), [...kernel.shape])]));
  const engine = createEngine(model, {
    batchSize: x.shape[0],
    loss: 'meanSquaredError',
    optimizer: { kind: 'sgd' },
    seed: 0,
    threads: o.threads,
  });
  model.dispose();
  const images = Float32Array.from(x.data);
  return { shape, run: () => engine.predict(images), dispose: () => engine.dispose() };
}

function outputShape(callee: string, x: NDArray, kernel: NDArray): number[] {
  checkArray(callee, 'x', x, imageAxes);
  checkArray(callee, 'kernel', kernel, ['kernelHeight', 'kernelWidth', 'inChannels', 'filters']);
  const [batch, height, width, channels] = x.shape;
  const [kernelHeight, kernelWidth, inChannels, filters] = kernel.shape;
  if (inChannels !== channels) {
    throw new RangeError(`${callee}: kernel has ${inChannels} input channels, x has ${channels}`);
  }
  if (kernelHeight > height || kernelWidth > width) {
    throw new RangeError(
      `${callee}: kernel is ${shown(kernel.shape.slice(0, 2))}, larger than the image ${shown([height, width])}`,
    );
  }
  const shape = [batch, height - kernelHeight + 1, width - kernelWidth + 1, filters];
  checkSize(callee, 'the output for this x and this kernel', shape);
  return shape;
}
