/**
 * For everything that `index.ts` exports, a valid call with every optional argument and option. `badArguments.test.ts`
 * makes its bad arguments from these.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as convlab from '..';
import { smallImages, smallNetwork } from './smallNetwork';

export interface Example {
  /** The names of the arguments in messages. */
  readonly names: readonly string[];
  /** Created for every call, since a call may change them. */
  readonly args: () => unknown[];
  /** The function to call, if it is not the export itself. */
  readonly call?: (...args: never[]) => unknown;
  /** Further messages that are allowed: the call is right, but its environment is not. */
  readonly otherwise?: RegExp;
  /** Valid calls that must not be made. */
  readonly skip?: (...args: readonly unknown[]) => boolean;
  /** Numbers pass through unchanged: a given NaN is returned. */
  readonly carries?: boolean;
  /** How deep inside the arguments faults are made. Default 4. */
  readonly depth?: number;
  /** Ends whatever the call has started. */
  readonly release?: (result: never) => unknown;
}

const values = (...shape: number[]): convlab.NDArray => ({
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7) % 5) - 1.5),
});
const dataset = (): convlab.Dataset => ({
  images: Float32Array.from({ length: 6 * 16 }, (_, i) => (i % 7) / 7),
  labels: Uint8Array.from([0, 1, 2, 0, 1, 2]),
  size: 6,
  imageShape: [4, 4, 1],
  classes: 3,
});
const convolution = (): object => ({ stride: [1, 1], padding: [[1, 1], [0, 0]], dilation: 1 }); // prettier-ignore
const pooling = (): object => ({ size: [2, 2], stride: 2, padding: 'same' });
const idx = { shape: [2, 2, 2], data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]) };
const model = tf.sequential({
  layers: [
    tf.layers.flatten({ name: 'flatten', inputShape: [4, 4, 1] }),
    tf.layers.dense({ name: 'output', units: 3, activation: 'softmax' }),
  ],
});
const weights = model.getWeights().map((weight) => weight.clone());

/** The model with its initial weights, since a call may have trained it to infinity. */
function freshModel(): tf.Sequential {
  model.setWeights(weights);
  return model;
}

/** Writes the files that the calls read. */
export async function writeFiles(folder: string): Promise<void> {
  await convlab.writeIdx(join(folder, 'images.gz'), idx);
  await convlab.saveModel(model, join(folder, 'model'));
  await writeFile(join(folder, 'experiment.json'), '{"arms":[]}');
  await convlab.train(model, dataset(), {
    epochs: 1,
    engine: 'tfjs',
    checkpoint: join(folder, 'checkpoint'),
  });
}

/** @param folder for the files that are read and written */
export function examples(folder: string): Readonly<Record<string, readonly Example[]>> {
  const history = {
    ...{ loss: [1, 0.5], accuracy: [0.5, 0.75], validationLoss: [1, 0.5], validationAccuracy: [0.5, 0.75] },
    ...{ seconds: [1, 1], imagesPerSecond: [6, 6], learningRate: [0.1, 0.1] },
    ...{ engine: 'tfjs', reason: '', threads: 1, steps: 2, stopped: 'finished' },
  };
  const figure = (): convlab.Figure => convlab.matrix([[1, 2], [3, 4]]); // prettier-ignore
  const x = (): convlab.NDArray => values(1, 4, 4, 2);
  const rows = (): convlab.NDArray => values(2, 3);
  const vector = (): convlab.NDArray => values(2);
  const positive = (): convlab.NDArray => ({ shape: [2], data: Float64Array.of(1, 2) });
  const pooled = (): convlab.NDArray => values(1, 2, 2, 2);
  const run = { engine: 'tfjs', threads: 1 };
  const labelled = { title: 'Title', xLabel: 'x', yLabel: 'y', description: 'What it shows' };
  const cells = { title: 'Title', scale: 'gray', min: 0, max: 5, highlight: [[0, 1]], description: 'Grid' };
  const notInNotebook = /not in a notebook/;
  const schedule = (make: (...args: never[]) => unknown, names: string[], ...args: unknown[]): Example => ({
    names,
    args: () => structuredClone(args),
    call: make,
  });
  const position: Example['args'] = () => [{ step: 3, steps: 10, stepsPerEpoch: 5 }];
  const atPosition = (made: convlab.Schedule): Example => ({
    names: ['position'],
    args: position,
    call: made,
  });
  const net = (): convlab.SmallNetwork => ({
    w1: values(3, 2),
    b1: values(2),
    w2: values(2, 4),
    b2: values(4),
  });
  const unary = (): Example => ({ names: ['x'], args: () => [rows()] });
  const gradient = (): Example => ({ names: ['x', 'dy'], args: () => [rows(), rows()] });

  return {
    ndarray: [
      { names: ['values'], args: () => [[[1, 2], [3, 4]]], carries: true }, // prettier-ignore
      { names: ['values'], args: () => [{ shape: [2, 2], data: [1, 2, 3, 4] }], carries: true },
    ],
    toNested: [{ names: ['array'], args: () => [rows()], carries: true }],
    zeros: [{ names: ['shape'], args: () => [[2, 3]] }],
    sizeOf: [{ names: ['shape'], args: () => [[2, 3]] }],
    random: [{ names: ['seed'], args: () => [1] }],
    'random.below': [{ names: ['n'], args: () => [6], call: (n: never) => convlab.random(1).below(n) }],
    randomNormal: [
      { names: ['shape', 'generator', 'deviation'], args: () => [[2, 3], convlab.random(1), 0.5] },
    ],
    upTo: [{ names: ['n'], args: () => [3] }],
    argmax: [{ names: ['values'], args: () => [[3, 1, 10]], carries: true }],
    answersOf: [{ names: ['outputs', 'classes'], args: () => [[3, 1, 10, 4], 2], carries: true }],
    percent: [{ names: ['share', 'digits'], args: () => [0.9735, 2] }],
    mean: [{ names: ['values'], args: () => [[3, 1, 11]] }],
    median: [{ names: ['values'], args: () => [[3, 1, 10]] }],
    pairedDifference: [{ names: ['first', 'second'], args: () => [[5, 7, 6], [4, 4, 4]] }], // prettier-ignore
    differenceText: [
      {
        names: ['difference', 'digits', 'unit'],
        args: () => [{ mean: 2, standardError: 0.5, pValue: 0.25 }, 2, 'points'],
      },
    ],
    holm: [{ names: ['pValues'], args: () => [[0.01, 0.04, 0.03]] }],
    permutation: [{ names: ['n', 'seed'], args: () => [10, 1] }],

    check: [{ names: ['id', 'value'], args: () => ['02.1', { padding: 3, dilated: 6 }], carries: true }],

    checkExamples: [{ names: ['f', 'examples'], args: () => [() => 2, [[[1], 2]]], carries: true }],
    checkNetwork: [
      {
        names: ['network', 'budget'],
        args: () => [() => ({ layers: [], training: {} }), { parameters: 10_000, multiplyAdds: 100_000 }],
        carries: true,
      },
    ],
    hiddenTests: [
      {
        names: ['answer', 'tests'],
        args: () => [(a: number) => 2 * a, { cases: () => [[1], [2]], wrong: [(a: number) => a] }],
        carries: true,
      },
    ],
    networkCost: [
      {
        names: ['layers'],
        args: () => [
          [
            { kind: 'conv', filters: 4, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
            { kind: 'maxPool', size: 2, stride: 2 },
            { kind: 'dense', units: 10, activation: 'linear' },
          ],
        ],
      },
    ],
    networkFromLayers: [
      {
        names: ['layers', 'options'],
        args: () => [
          [
            { kind: 'conv', filters: 4, kernel: 3, stride: 1, padding: 'same', activation: 'relu' },
            { kind: 'maxPool', size: 2, stride: 2 },
            { kind: 'dense', units: 10, activation: 'linear' },
          ],
          { seed: 1 },
        ],
      },
    ],

    imageFromRows: [{ names: ['channel', 'channel'], args: () => [[[1, 2]], [[3, 4]]], carries: true }],
    kernelFromRows: [
      { names: ['filter', 'filter'], args: () => [[[1, 2]], [[3, 4]]], carries: true },
      { names: ['filter'], args: () => [[[[1, 2]], [[3, 4]]]], carries: true },
    ],
    rowsOf: [{ names: ['array', 'channel', 'image'], args: () => [x(), 1, 0], carries: true }],
    effectiveKernelSize: [{ names: ['kernel', 'dilation'], args: () => [3, 2] }],
    outputSize: [
      {
        names: ['input', 'options'],
        args: () => [28, { kernel: 3, stride: 2, padding: [1, 1], dilation: 1, rounding: 'floor' }],
      },
    ],
    resolvePadding: [
      { names: ['input', 'options'], args: () => [28, { kernel: 3, stride: 1, padding: 1, dilation: 2 }] },
    ],
    receptiveField: [
      { names: ['input', 'layers'], args: () => [28, [{ kernel: 3, stride: 1, padding: 1, dilation: 1 }]] },
    ],
    convCost: [
      {
        names: ['options'],
        args: () => [{ input: [8, 8, 2], kernel: [3, 3], filters: 4, ...convolution(), bias: false }],
      },
    ],
    denseCost: [{ names: ['options'], args: () => [{ inputs: 4, outputs: 2, bias: true }] }],
    poolCost: [{ names: ['options'], args: () => [{ input: [8, 8, 2], ...pooling() }] }],

    relu: [unary()],
    sigmoid: [unary()],
    tanh: [unary()],
    softmax: [unary()],
    reluGrad: [gradient()],
    sigmoidGrad: [gradient()],
    tanhGrad: [gradient()],
    softmaxGrad: [gradient()],
    batchNorm: [
      {
        names: ['x', 'gamma', 'beta', 'epsilon'],
        args: () => [x(), vector(), vector(), 1e-3],
      },
    ],
    batchNormGrad: [{ names: ['x', 'gamma', 'dy', 'epsilon'], args: () => [x(), vector(), x(), 1e-3] }],
    batchNormInference: [
      {
        names: ['x', 'gamma', 'beta', 'mean', 'variance', 'epsilon'],
        args: () => [x(), vector(), vector(), vector(), positive(), 1e-3],
      },
    ],
    checkGradient: [
      {
        names: ['f', 'x', 'gradient', 'options'],
        args: () => [
          (w: convlab.NDArray) => w.data[0] ** 2,
          vector(),
          { shape: [2], data: Float64Array.of(-3, 0) },
          { step: 1e-5, samples: 2, seed: 1 },
        ],
      },
    ],
    conv2d: [
      {
        names: ['x', 'kernel', 'bias', 'options'],
        args: () => [x(), values(2, 2, 2, 3), values(3), convolution()],
      },
    ],
    conv2dGrad: [
      {
        names: ['x', 'kernel', 'dy', 'options'],
        args: () => [x(), values(2, 2, 2, 3), values(1, 5, 3, 3), convolution()],
      },
    ],
    flipKernel: [{ names: ['kernel'], args: () => [values(2, 2, 2, 3)] }],
    dense: [{ names: ['x', 'weights', 'bias'], args: () => [rows(), values(3, 2), vector()] }],
    denseGrad: [{ names: ['x', 'weights', 'dy'], args: () => [rows(), values(3, 2), values(2, 2)] }],
    flatten: [{ names: ['x'], args: () => [x()] }],
    reshape: [{ names: ['x', 'shape'], args: () => [rows(), [3, 2]] }],
    dropout: [{ names: ['x', 'rate', 'seed'], args: () => [rows(), 0.5, 1] }],
    dropoutGrad: [{ names: ['mask', 'dy'], args: () => [rows(), rows()] }],
    im2col: [{ names: ['x', 'options'], args: () => [x(), { kernel: [2, 2], ...convolution() }] }],
    im2colGrad: [
      {
        names: ['shape', 'dmatrix', 'options'],
        args: () => [[1, 4, 4, 2], values(15, 8), { kernel: 2, ...convolution() }],
      },
    ],
    'smallNetwork.start': [
      { names: ['hidden', 'seed'], args: () => [3, 1], call: convlab.smallNetwork.start },
    ],
    'smallNetwork.scores': [
      { names: ['net', 'x'], args: () => [net(), rows()], call: convlab.smallNetwork.scores },
    ],
    'smallNetwork.gradient': [
      {
        names: ['net', 'x', 'labels'],
        args: () => [net(), rows(), [0, 2]],
        call: convlab.smallNetwork.gradient,
      },
    ],
    'smallNetwork.step': [
      {
        names: ['net', 'gradient', 'learningRate'],
        args: () => [net(), net(), 0.1],
        call: convlab.smallNetwork.step,
      },
    ],
    softmaxCrossEntropy: [{ names: ['logits', 'labels'], args: () => [rows(), [0, 2]] }],
    hinge: [{ names: ['scores', 'labels'], args: () => [rows(), Uint8Array.of(0, 2)] }],
    meanSquaredError: [{ names: ['prediction', 'target'], args: () => [rows(), rows()] }],
    sgd: [
      {
        names: ['weights', 'gradient', 'options'],
        args: () => [rows(), rows(), { learningRate: 0.1, weightDecay: 0.01 }],
      },
    ],
    momentum: [
      {
        names: ['weights', 'gradient', 'velocity', 'options'],
        args: () => [rows(), rows(), rows(), { learningRate: 0.1, weightDecay: 0.01, momentum: 0.5 }],
      },
    ],
    adam: [
      {
        names: ['weights', 'gradient', 'state', 'options'],
        args: () => [
          ...[
            rows(),
            rows(),
            { step: 3, mean: rows(), square: { shape: [2, 3], data: new Float64Array(6).fill(1) } },
          ],
          { learningRate: 0.1, weightDecay: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
        ],
      },
    ],
    maxPool2d: [{ names: ['x', 'options'], args: () => [x(), pooling()] }],
    avgPool2d: [{ names: ['x', 'options'], args: () => [x(), pooling()] }],
    maxPool2dGrad: [{ names: ['x', 'dy', 'options'], args: () => [x(), pooled(), pooling()] }],
    avgPool2dGrad: [{ names: ['x', 'dy', 'options'], args: () => [x(), pooled(), pooling()] }],
    globalAveragePool: [{ names: ['x'], args: () => [x()] }],
    globalAveragePoolGrad: [{ names: ['x', 'dy'], args: () => [x(), values(1, 2)] }],

    classCounts: [{ names: ['dataset'], args: () => [{ labels: [0, 1, 1], classes: 2 }] }],
    assertForDigits: [{ names: ['dataset', 'claim'], args: () => ['mnist', true] }],
    classNames: [{ names: ['dataset'], args: () => [{ classes: 2, classNames: ['no', 'yes'] }] }],
    image: [{ names: ['dataset', 'index'], args: () => [dataset(), 1] }],
    pictureOf: [{ names: ['dataset', 'index', 'label'], args: () => [dataset(), 1, 'a 1'] }],
    imageBatch: [{ names: ['dataset', 'indices'], args: () => [dataset(), [1, 0]] }],
    meanAndVariance: [{ names: ['dataset'], args: () => [{ images: Float32Array.of(0, 1, 0.5) }] }],
    oneHot: [{ names: ['labels', 'classes'], args: () => [[0, 2], 3] }],
    take: [{ names: ['dataset', 'indices'], args: () => [dataset(), [1, 0]] }],
    formatIdx: [{ names: ['array'], args: () => [structuredClone(idx)] }],
    parseIdx: [
      {
        names: ['bytes', 'name', 'axes'],
        args: () => [convlab.formatIdx(idx), 'images.idx', 3],
        otherwise: /images\.idx/,
      },
    ],
    readExperiment: [{ names: ['path'], args: () => [join(folder, 'experiment.json')] }],
    readIdx: [{ names: ['path', 'axes'], args: () => [join(folder, 'images.gz'), 3] }],
    writeIdx: [{ names: ['path', 'array'], args: () => [join(folder, 'written.gz'), structuredClone(idx)] }],
    datasetFromIdx: [
      {
        names: ['images', 'labels', 'classes'],
        args: () => [
          { ...structuredClone(idx), name: 'images' },
          { shape: [2], data: Uint8Array.of(0, 1), name: 'labels' },
          2,
        ],
      },
    ],
    loadMnist: [
      {
        names: ['options'],
        args: () => [{ source: 'full', directory: folder }],
        otherwise: /missing/,
        skip: loadsDigits,
      },
    ],
    nearest: [
      {
        names: ['point', 'rows', 'options'],
        args: () => [[0, 1], [1, 1, 2, 2, 0, 0], { count: 2, where: (index: number) => index > 0 }],
      },
    ],
    batches: [{ names: ['dataset', 'batchSize', 'seed'], args: () => [dataset(), 4, 1] }],
    shuffle: [{ names: ['dataset', 'seed'], args: () => [dataset(), 1] }],
    split: [{ names: ['dataset', 'part', 'seed'], args: () => [dataset(), 0.5, 1] }],
    augmenter: [
      { names: ['options'], args: () => [{ shift: 1, rotate: 10, scale: 0.1, shear: 0.1, elastic: 0.5 }] },
    ],
    augment: [
      {
        names: ['dataset', 'epoch', 'seed'],
        args: () => [dataset(), 1, 1],
        call: convlab.augmenter({ shift: 1, elastic: 0.5 }),
      },
    ],
    transform: [
      {
        names: ['dataset', 'transformation'],
        args: () => [dataset(), { shift: [1, 0], rotate: 10, scale: 1.1, shear: 0.1 }],
      },
    ],

    barChart: [
      {
        names: ['labels', 'values', 'options'],
        args: () => [['a', 'b'], [1, 2], { ...labelled, yRange: [0, 3] }],
        carries: true,
      },
      { names: ['labels', 'values'], args: () => [['a', 'b'], [{ name: 'one', y: [1, 2] }]], carries: true },
    ],
    lineChart: [
      {
        names: ['series', 'options'],
        args: () => [
          [{ name: 'one', x: [1, 2], y: [3, 4], style: 'dashed' }],
          { ...labelled, xRange: [0, 3], yRange: [1, 5], xScale: 'linear', yScale: 'log' },
        ],
        carries: true,
      },
    ],
    heatMap: [
      {
        names: ['values', 'options'],
        args: () => [[[1, 2], [3, 4]], { ...structuredClone(cells), colourBar: true, xLabel: 'x', yLabel: 'y' }], // prettier-ignore
        carries: true,
      },
      { names: ['values'], args: () => [rows()], carries: true },
    ],
    matrix: [
      {
        names: ['values', 'options'],
        args: () => [[[1, 2], [3, 4]], { ...structuredClone(cells), digits: 1, indices: true }], // prettier-ignore
        carries: true,
      },
    ],
    confusionMatrix: [
      {
        names: ['counts', 'options'],
        args: () => [[[5, 1], [0, 4]], { title: 'Title', labels: ['a', 'b'], description: 'Text' }], // prettier-ignore
        carries: true,
      },
    ],
    greyPicture: [{ names: ['pixels', 'label'], args: () => [[0, 1, 0.5, 0], 'one'] }],
    imageGrid: [
      {
        names: ['images', 'options'],
        args: () => [
          [{ pixels: [0, 1, 1, 0], height: 2, width: 2, label: 'one' }],
          { title: 'Title', columns: 1, scale: 'gray', range: 'each', min: 0, max: 1, description: 'Text' },
        ],
        carries: true,
      },
    ],
    sideBySide: [
      {
        names: ['figures', 'options'],
        args: () => [
          [figure(), figure()],
          { title: 'Title', between: ['='], range: 'shared', description: 'Text' },
        ],
        depth: 3,
        carries: true,
      },
    ],
    liveFigure: [{ names: ['figure'], args: () => [figure()], depth: 1, otherwise: notInNotebook }],
    show: [{ names: ['figure'], args: () => [figure()], depth: 1, otherwise: notInNotebook }],
    toSvg: [{ names: ['figure'], args: () => [figure()], depth: 0 }],
    openWindow: [
      { names: ['figure', 'options'], args: () => [figure(), { seconds: 5 }], depth: 1, skip: opensWindow },
    ],
    windowCells: [{ names: ['row', 'column', 'height', 'width'], args: () => [1, 2, 3, 3] }],

    convolutionStepper: [
      {
        names: ['x', 'kernel', 'options'],
        args: () => [
          [[1, 2, 3], [4, 5, 6]],
          [[1, -1]],
          { bias: { shape: [1], data: Float64Array.of(1) }, stride: 1, padding: 0, dilation: 1, title: 'Title' },
        ], // prettier-ignore
      },
      { names: ['x', 'kernel', 'options'], args: () => [x(), values(2, 2, 2, 3)] },
    ],
    poolingStepper: [
      {
        names: ['x', 'options'],
        args: () => [
          [[1, 2, 3], [4, 5, 6]],
          { kind: 'average', size: 2, stride: 1, padding: 0, title: 'Title' },
        ], // prettier-ignore
      },
      { names: ['x', 'options'], args: () => [x(), { size: 2 }] },
    ],
    drawDigit: [{ names: ['network', 'images'], args: () => [smallNetwork, smallImages(1)], depth: 0 }],
    networkExplorer: [{ names: ['network', 'images'], args: () => [smallNetwork, smallImages(2)], depth: 0 }],
    networkVolumes: [{ names: ['network'], args: () => [convlab.networkOutline(model)] }],
    prediction: [
      {
        names: ['question', 'answer', 'options'],
        args: () => ['How many?', 3, { unit: 'weights', digits: 1 }],
      },
      {
        names: ['question', 'answer', 'options'],
        args: () => ['Which?', 'this', { choices: ['this', 'that'] }],
      },
    ],

    useBackend: [{ names: ['wanted'], args: () => ['cpu'] }],
    describe: [{ names: ['model', 'options'], args: () => [model, { batchSize: 4, threads: 1 }] }],
    engineConvolution: [
      {
        names: ['x', 'kernel', 'options'],
        args: () => [x(), values(2, 2, 2, 4), { threads: 1 }],
        release: (made: convlab.EngineConvolution) => made.dispose(),
      },
    ],
    wasmConvolution: [{ names: ['x', 'kernel'], args: () => [values(1, 5, 5, 2), values(2, 2, 2, 4)] }],
    'wasmConvolution.run': [
      {
        names: ['loop'],
        args: () => ['scalar'],
        call: (loop: never) => convlab.wasmConvolution(values(1, 5, 5, 2), values(2, 2, 2, 4)).run(loop),
      },
    ],
    registerLoop: [{ names: ['options'], args: () => [{ sums: 2, lanes: 4 }] }],

    train: [
      {
        names: ['model', 'dataset', 'options'],
        args: () => [
          freshModel(),
          dataset(),
          {
            ...{ epochs: 1, batchSize: 4, learningRate: 0.01, optimizer: 'adam', loss: 'crossEntropy' },
            ...{ labelSmoothing: 0.1, weightDecay: 0.1, average: { decay: 0.9, every: 1 }, seed: 1 },
            ...{ engine: 'tfjs', threads: 1, fast: false, validation: dataset() },
            augment: ({ images }: convlab.Dataset) => images,
            earlyStopping: { patience: 1, monitor: 'validationLoss', restoreBest: true },
            checkpoint: join(folder, 'new-checkpoint'),
            onEpoch: () => undefined,
            onBatch: () => undefined,
            quiet: false,
            signal: AbortSignal.timeout(300),
          },
        ],
        // A rate of 1e300.
        otherwise: /^train: NaN or infinite numbers/,
      },
      {
        names: ['model', 'dataset', 'options'],
        args: () => [
          freshModel(),
          dataset(),
          {
            ...{ epochs: 1, engine: 'tfjs', resume: join(folder, 'checkpoint') },
            signal: AbortSignal.timeout(300),
          },
        ],
      },
    ],
    evaluate: [
      {
        names: ['model', 'dataset', 'options'],
        args: () => [freshModel(), dataset(), { loss: 'hinge', ...run }],
      },
    ],
    predict: [
      { names: ['model', 'images', 'options'], args: () => [freshModel(), dataset().images, { ...run }] },
    ],
    activations: [
      {
        names: ['model', 'layer', 'images', 'options'],
        args: () => [freshModel(), 'output', dataset().images, { ...run }],
      },
    ],
    networkOutline: [{ names: ['model'], args: () => [freshModel()] }],
    plainNetwork: [{ names: ['model'], args: () => [freshModel()] }],
    formatHistory: [
      { names: ['history', 'options'], args: () => [structuredClone(history), { times: true }] },
    ],
    learningCurves: [
      { names: ['history', 'options'], args: () => [structuredClone(history), { title: 'Title' }] },
    ],
    loadModel: [
      {
        names: ['folder'],
        args: () => [join(folder, 'model')],
        release: (made: tf.Sequential) => made.dispose(),
      },
    ],
    saveModel: [{ names: ['model', 'folder'], args: () => [model, join(folder, 'saved')] }],

    ...ofModels(),
    'schedules.constant': [
      schedule(convlab.schedules.constant, ['rate'], 0.1),
      atPosition(convlab.schedules.constant(0.1)),
    ],
    'schedules.step': [
      schedule(convlab.schedules.step, ['rate', 'options'], 0.1, { every: 2, factor: 0.5 }),
      atPosition(convlab.schedules.step(0.1, { every: 2, factor: 0.5 })),
    ],
    'schedules.cosine': [
      schedule(convlab.schedules.cosine, ['rate', 'options'], 0.1, { final: 0.01 }),
      atPosition(convlab.schedules.cosine(0.1)),
    ],
    'schedules.oneCycle': [
      schedule(convlab.schedules.oneCycle, ['peak', 'options'], 0.1, {
        rising: 0.3,
        startDivisor: 25,
        finalDivisor: 100,
      }),
      atPosition(convlab.schedules.oneCycle(0.1)),
    ],
  };
}

/** Every network of the course. */
function ofModels(): Record<string, Example[]> {
  return Object.fromEntries(
    Object.entries(convlab.models).map(([name, make]) => [
      `models.${name}`,
      [
        {
          names: ['options'],
          args: () => [{ seed: 2, ...(name.startsWith('dense') && { hidden: [4, 3] }) }],
          call: make,
          release: (made: tf.Sequential) => made.dispose(),
        },
      ],
    ]),
  );
}

function isFigure(figure: unknown): boolean {
  try {
    convlab.toSvg(figure as convlab.Figure);
    return true;
  } catch {
    return false;
  }
}

/** Whether this call of `openWindow` would open one. */
function opensWindow(figure: unknown, o: unknown = {}): boolean {
  const { seconds = 1 } = (o ?? {}) as { readonly seconds?: unknown };
  return (
    isFigure(figure) && typeof o === 'object' && typeof seconds === 'number' && seconds > 0 && seconds < 100
  );
}

/** Whether this call of `loadMnist` would load digits, which takes a while. */
function loadsDigits(o: unknown = {}): boolean {
  const { source, directory } = (o ?? {}) as { readonly source?: unknown; readonly directory?: unknown };
  return (
    o !== null &&
    typeof o === 'object' &&
    directory === undefined &&
    (source === undefined || source === 'full')
  );
}
