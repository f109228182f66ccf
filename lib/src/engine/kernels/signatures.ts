/** Made by `npm run build` from `assembly/` (scripts/kernelTypes.ts), and not to be edited. */

type i32 = number;
type u32 = number;
type usize = number;
type f32 = number;
type f64 = number;

/** Where a record was laid down: a number, but not any number. */
export type RecordAddress<Name extends keyof Records> = number & { readonly record: Name };

interface Geometry {
  readonly rows: i32;
  readonly run: i32;
  /** run rounded up to whole vectors */
  readonly paddedRun: i32;
  /** byte offset of each run from the window's first pixel, i32 each */
  readonly table: usize;
  readonly outChannels: i32;
  readonly outVectors: i32;
  readonly outHeight: i32;
  readonly outWidth: i32;
  /** from one window to the next in the input */
  readonly xStepX: usize;
  readonly xStepY: usize;
  /** from one output pixel, row to the next */
  readonly yStepX: usize;
  readonly yStepY: usize;
  readonly packed: usize;
  readonly weights: usize;
  readonly zeros: usize;
  readonly mode: i32;
  /** byte offset of each output row, i32 each */
  readonly yTable: usize;
  /** floats behind the last pixel of an output row that a vector store spills over and must be zero again */
  readonly spill: i32;
  /** pooled output: its size */
  readonly pooledHeight: i32;
  readonly pooledWidth: i32;
  /** 1: a pooled value of at most zero passes no gradient (ReLU) */
  readonly positive: i32;
}

interface Pool {
  readonly height: i32;
  readonly width: i32;
  readonly channels: i32;
  readonly outHeight: i32;
  readonly outWidth: i32;
  readonly windowHeight: i32;
  readonly windowWidth: i32;
  readonly strideY: i32;
  readonly strideX: i32;
  readonly top: i32;
  readonly left: i32;
  readonly xStepY: usize;
  readonly yStepX: usize;
  readonly yStepY: usize;
  readonly spill: i32;
  /** what an argmax counts: bytes from pixel to pixel, row to row (of the input, or of what it was made of) */
  readonly codeX: i32;
  readonly codeY: i32;
  readonly relu: i32;
}

export interface Records {
  readonly Geometry: Geometry;
  readonly Pool: Pool;
}

/** The fields of each record in the order in which they are laid down, 32 bits each. */
export const FIELDS: { readonly [Name in keyof Records]: readonly (keyof Records[Name])[] } = {
  Geometry: ['rows', 'run', 'paddedRun', 'table', 'outChannels', 'outVectors', 'outHeight', 'outWidth', 'xStepX', 'xStepY', 'yStepX', 'yStepY', 'packed', 'weights', 'zeros', 'mode', 'yTable', 'spill', 'pooledHeight', 'pooledWidth', 'positive'],
  Pool: ['height', 'width', 'channels', 'outHeight', 'outWidth', 'windowHeight', 'windowWidth', 'strideY', 'strideX', 'top', 'left', 'xStepY', 'yStepX', 'yStepY', 'spill', 'codeX', 'codeY', 'relu'],
};

export const TILE = { STORE: 0, STORE_RELU: 1, ADD: 2 } as const;

export const DENSE = { PANEL: 8 } as const;

export const ACTIVATION = { LINEAR: 0, RELU: 1, SIGMOID: 2, TANH: 3, RELU6: 4, LEAKY: 5, ELU: 6, CLIPPED: 7, SWISH: 8 } as const;

export const LOSS = { CROSS_ENTROPY: 0, HINGE: 1, SQUARED_ERROR: 2 } as const;

export interface Kernels {
  readonly convolutionForward: (
    g: RecordAddress<'Geometry'>, images: i32, x: usize, xImage: usize, y: usize, yImage: usize,
  ) => void;
  /** Adds the images' ∂L/∂weights and ∂L/∂bias to dw and db. */
  readonly convolutionWeightGradient: (
    g: RecordAddress<'Geometry'>, images: i32, x: usize, xImage: usize, dy: usize, dyImage: usize, dw: usize, db: usize,
  ) => void;
  /**
   * Adds to ∂L/∂x, which the caller has cleared. Windows overlap, so a row of output pixels is added one pixel after
   * the other; its tiles are products over the output channels.
   */
  readonly convolutionInputGradient: (
    g: RecordAddress<'Geometry'>, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize,
  ) => void;
  /**
   * Packs the output channels of the vectors from … to for the forward pass. What a store writes behind a run is
   * overwritten by the next.
   */
  readonly convolutionPack: (g: RecordAddress<'Geometry'>, weights: usize, bias: usize, from: i32, to: i32) => void;
  /** `list`: room for the pairs of two images; 0 if a weight may be NaN or infinite, which a zero must not hide. */
  readonly denseForward: (
    g: RecordAddress<'Geometry'>, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, list: usize,
  ) => void;
  readonly denseInputGradient: (
    g: RecordAddress<'Geometry'>, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize,
  ) => void;
  /**
   * ∂L/∂weights of the panels from … to, over the whole batch; 0 for inputs and channels that do not exist. `list`: room for
   * a panel's rows of the whole batch.
   */
  readonly denseWeightGradient: (
    g: RecordAddress<'Geometry'>, images: i32, x: usize, xImage: usize, dy: usize, dyImage: usize, dw: usize, from: i32, to: i32, list: usize,
  ) => void;
  readonly denseBiasGradient: (g: RecordAddress<'Geometry'>, images: i32, dy: usize, dyImage: usize, db: usize) => void;
  /** Packs the panels from … to for the forward pass, and the bias with the first. */
  readonly densePack: (g: RecordAddress<'Geometry'>, weights: usize, bias: usize, from: i32, to: i32) => void;
  /**
   * Convolution, 2×2 max-pooling with stride 2, and ReLU if the mode says so. `list`: room for the lists of `quads.ts`; 0 if a
   * weight may be NaN or infinite, which a zero must not hide.
   */
  readonly pooledConvolutionForward: (
    g: RecordAddress<'Geometry'>, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, argmax: usize, argmaxImage: usize, list: usize,
  ) => void;
  /**
   * Adds to dw and db; adds to the input's gradient, which the caller has cleared, if `toGradient`, the way from an
   * input's address to its gradient's, is not 0. `list` has room for the maxima of four channels of all images, 8
   * bytes each, and 112 bytes in front.
   */
  readonly pooledConvolutionBackward: (
    g: RecordAddress<'Geometry'>, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, dy: usize, dyImage: usize, argmax: usize, argmaxImage: usize, toGradient: usize, dw: usize, db: usize, list: usize,
  ) => void;
  /** `argmax`: [outHeight, outWidth, channels padded to 4], byte offsets in the units of `codeX`, `codeY`. */
  readonly maxPoolForward: (
    p: RecordAddress<'Pool'>, images: i32, x: usize, xImage: usize, y: usize, yImage: usize, argmax: usize, argmaxImage: usize,
  ) => void;
  /** Adds to dx, which the caller has cleared. */
  readonly maxPoolBackward: (
    p: RecordAddress<'Pool'>, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize, argmax: usize, argmaxImage: usize,
  ) => void;
  readonly averagePoolForward: (
    p: RecordAddress<'Pool'>, images: i32, x: usize, xImage: usize, y: usize, yImage: usize,
  ) => void;
  /** Adds to dx, which the caller has cleared. */
  readonly averagePoolBackward: (
    p: RecordAddress<'Pool'>, images: i32, dy: usize, dyImage: usize, dx: usize, dxImage: usize,
  ) => void;
  /** y = x. */
  readonly copy: (
    images: i32, rows: i32, floats: i32, x: usize, xImage: usize, xRow: usize, y: usize, yImage: usize, yRow: usize,
  ) => void;
  readonly activationForward: (
    kind: i32, alpha: f32, images: i32, rows: i32, floats: i32, x: usize, xImage: usize, xRow: usize, y: usize, yImage: usize, yRow: usize,
  ) => void;
  /** dx = dy · y′ with y′ from `value`, which is y or x; dx may be dy itself. */
  readonly activationBackward: (
    kind: i32, alpha: f32, images: i32, rows: i32, floats: i32, value: usize, valueImage: usize, valueRow: usize, dy: usize, dyImage: usize, dyRow: usize, dx: usize, dxImage: usize, dxRow: usize,
  ) => void;
  /** Softmax over the channels of each of `pixels` pixels that stand side by side. */
  readonly softmaxForward: (
    images: i32, pixels: i32, channels: i32, x: usize, xImage: usize, y: usize, yImage: usize,
  ) => void;
  /** ∂L/∂xᵢ = yᵢ · (∂L/∂yᵢ − Σⱼ yⱼ · ∂L/∂yⱼ) */
  readonly softmaxBackward: (
    images: i32, pixels: i32, channels: i32, y: usize, yImage: usize, dy: usize, dyImage: usize, dx: usize, dxImage: usize,
  ) => void;
  /**
   * Dropout: y = x/(1 − rate) where the hash of (key, image, element) says keep, else 0. The mask depends on nothing
   * else, so it is the same for any division of the batch, and the backward pass (dx from dy) simply draws it again.
   */
  readonly dropout: (
    rate: f64, key: u32, firstImage: i32, images: i32, rows: i32, floats: i32, x: usize, xImage: usize, xRow: usize, y: usize, yImage: usize, yRow: usize,
  ) => void;
  /** Adds Σx and Σx² of each channel to sums[0 … channels), sums[channels …) (f64). */
  readonly normalizationSums: (
    images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize, sums: usize,
  ) => void;
  /** Adds Σ∂L/∂y and Σ∂L/∂y·x̂. `statistics`: μ, 1/√(σ² + ε) of each channel (f64). */
  readonly normalizationGradientSums: (
    images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize, dy: usize, dyImage: usize, dyRow: usize, statistics: usize, sums: usize,
  ) => void;
  /** Adds up the groups' sums, in order, into the first's. */
  readonly normalizationTotal: (groups: i32, channels: i32, sums: usize) => void;
  /** From the totals: the statistics of the batch, and the moving averages (f32) a step on. */
  readonly normalizationStatistics: (
    channels: i32, count: f64, epsilon: f64, momentum: f64, sums: usize, statistics: usize, movingMean: usize, movingVariance: usize,
  ) => void;
  /** Statistics for inference, from the moving averages. */
  readonly normalizationMoving: (
    channels: i32, epsilon: f64, movingMean: usize, movingVariance: usize, statistics: usize,
  ) => void;
  /** `coefficients`: room for three f64 a channel and four more. */
  readonly normalizationForward: (
    images: i32, rows: i32, pixels: i32, channels: i32, x: usize, xImage: usize, xRow: usize, y: usize, yImage: usize, yRow: usize, statistics: usize, gamma: usize, beta: usize, coefficients: usize,
  ) => void;
  /**
   * ∂L/∂x = k·∂L/∂y − k·r·S₂/count·(x − μ) − k·S₁/count with r = 1/√(σ² + ε), k = γ·r. `sums`: the totals S₁ = ∂L/∂β and
   * S₂ = ∂L/∂γ (f64).
   */
  readonly normalizationBackward: (
    images: i32, rows: i32, pixels: i32, channels: i32, count: f64, x: usize, xImage: usize, xRow: usize, dy: usize, dyImage: usize, dyRow: usize, dx: usize, dxImage: usize, dxRow: usize, statistics: usize, gamma: usize, sums: usize, coefficients: usize,
  ) => void;
  /** Totals (f64) as gradients (f32). */
  readonly normalizationWeightGradient: (channels: i32, sums: usize, dGamma: usize, dBeta: usize) => void;
  /** Writes ∂L/∂z, each image's loss (f64, not divided by the batch) and whether its largest output is the label (i32). */
  readonly lossAndGradient: (
    kind: i32, images: i32, classes: i32, z: usize, zImage: usize, dz: usize, dzImage: usize, labels: usize, losses: usize, correct: usize, smoothing: f64, share: f64,
  ) => void;
  readonly sgd: (rows: i32, run: i32, w: usize, g: usize, rate: f32, keep: f32) => void;
  readonly momentum: (rows: i32, run: i32, w: usize, g: usize, v: usize, mu: f32, rate: f32, keep: f32) => void;
  /**
   * `rate1` = η/(1 − β₁ᵗ), `root2` = 1/√(1 − β₂ᵗ): then η·m̂/(√v̂ + ε) = rate1·m/(√v·root2 + ε). Two vectors at a time
   * share what V8 spreads over the lanes anew in each turn.
   */
  readonly adam: (
    rows: i32, run: i32, w: usize, g: usize, m: usize, v: usize, beta1: f32, rest1: f32, beta2: f32, rest2: f32, rate1: f32, root2: f32, epsilon: f32, keep: f32,
  ) => void;
  /** The exponential average: a ← a + (w − a)·share. */
  readonly average: (floats: i32, a: usize, w: usize, share: f32) => void;
  /** out = the sum of `parts` lists of floats, `step` bytes apart, in order. */
  readonly sumParts: (parts: i32, step: usize, from: usize, out: usize, floats: i32) => void;
  /** 1 if none of the floats is NaN or infinite, padding included: 0 times any other number is 0. */
  readonly allFinite: (at: usize, floats: i32) => i32;
  readonly clear: (at: usize, bytes: usize) => void;
}
