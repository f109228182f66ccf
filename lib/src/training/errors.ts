/** The loss or a gradient became NaN or infinite: the training stops, since no step after it means anything. */
export class NonFiniteLossError extends Error {
  /**
   * @param place what first came out NaN or infinite, such as `layer 'conv1'`
   * @param batch of the epoch, 1 the first
   */
  constructor(
    readonly place: string,
    readonly batch: number,
    readonly epoch?: number,
  ) {
    super(
      `train: NaN or infinite numbers in ${epoch === undefined ? '' : `epoch ${epoch}, `}batch ${batch}: ` +
        `they come first out of ${place} (a smaller learning rate, or pixels in 0..1, is the usual cure)`,
    );
    this.name = 'NonFiniteLossError';
  }
}
