/** The loss or a gradient became NaN or infinite: training stops, since no later step would mean anything. */
export class NonFiniteLossError extends Error {
  /**
   * @param where it began, such as `first in the output of layer conv1`
   * @param batch of the epoch, 1 the first
   */
  constructor(
    readonly where: string,
    readonly batch: number,
    readonly epoch?: number,
  ) {
    super(
      `train: NaN or infinite numbers in ${epoch === undefined ? '' : `epoch ${epoch}, `}batch ${batch}, ` +
        `${where} (a smaller learning rate, or pixels in 0..1, is the usual cure: notebook 14, sections 14.4 and 14.5)`,
    );
    this.name = 'NonFiniteLossError';
  }
}
