/** Room for what layers pass to each other. */
import type { ImageShape, Layer, Pads } from './layers';
import type { Layout } from './memory';
import { roundUp } from './memory';
import type { View, Winners } from './plan';
import { CHUNK } from './plan';
import { add, NO_PADS, padsOf } from './views';

export class Tensors {
  /** With batch normalisation, every tensor must last until the whole batch has reached it. */
  private readonly allPerBatch: boolean;
  /** Slots of a tensor that exists only for the images that the threads are working on. */
  private readonly handSlots: number;
  private readonly batchSlots: number;

  constructor(
    private readonly layers: readonly Layer[],
    private readonly layout: Layout,
    batchSize: number,
    threads: number,
  ) {
    this.allPerBatch = layers.some((layer) => layer.kind === 'normalization');
    this.handSlots = threads * CHUNK;
    // Predictions use a thread's own slots in tensors of either kind.
    this.batchSlots = Math.max(batchSize, this.handSlots);
  }

  /** A tensor for the output of the layer before `next`, with the border that the layers from `next` on read. */
  take(
    [height, width, channels]: ImageShape,
    next: number,
    o: { readonly gradient: boolean; readonly perBatch: boolean },
  ): View {
    const pads = this.padsFrom(next);
    const row = (pads.left + width + pads.right) * channels * 4;
    const bytes = (pads.top + height + pads.bottom) * row;
    const image = roundUp(bytes + 16, 64);
    const perBatch = o.perBatch || this.allPerBatch || this.feedDense(next);
    const slots = perBatch ? this.batchSlots : this.handSlots;
    const start = pads.top * row + pads.left * channels * 4;
    const at = this.layout.take(image * slots) + start;
    const gradientTensor = o.gradient ? this.layout.take(image * slots) : 0;
    const gradient = o.gradient ? gradientTensor + start : 0;
    return { at, gradient, gradientTensor, image, row, perBatch, height, width, channels, pads };
  }

  winners(pixels: number, channels: number): Winners {
    const image = roundUp(pixels * roundUp(channels, 4) * 4, 64);
    const slots = this.allPerBatch ? this.batchSlots : this.handSlots;
    return { at: this.layout.take(image * slots), image, perBatch: this.allPerBatch };
  }

  /** Whether the output of the layer before `next` goes, under whatever shape, into a dense layer. */
  feedDense(next: number): boolean {
    const user = this.layers.slice(next).find(({ kind }) => kind !== 'reshape' && kind !== 'zeroPadding');
    return user?.kind === 'dense';
  }

  /** The zeros that the layers from `next` on need around their input. */
  private padsFrom(next: number): Pads {
    let pads = NO_PADS;
    for (const layer of this.layers.slice(next)) {
      if (layer.kind === 'zeroPadding') pads = add(pads, layer.pads);
      else return layer.kind === 'convolution' ? add(pads, padsOf(layer.windows)) : pads;
    }
    return pads;
  }
}
