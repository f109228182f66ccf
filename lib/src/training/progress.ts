/** A line that shows how far a training has come, rewritten in place. */
import { checkMethod } from '../check';
import { percent, type EpochRecord } from './history';
import type { BatchRecord } from './options';

/** Where the line goes: `newDisplay()` of tslab is one. */
export interface TextDisplay {
  text(line: string): void;
}

/**
 * Callbacks for {@link train} that keep one line up to date while it trains. The final text contains no times and
 * no speeds, so that a notebook's stored output is the same in every run.
 *
 * @example await train(model, digits, { epochs: 10, ...progress(newDisplay()) })
 */
export function progress(display: TextDisplay): {
  onBatch: (batch: BatchRecord) => void;
  onEpoch: (epoch: EpochRecord) => void;
} {
  checkMethod('progress', 'display', display, 'text', 'a display such as newDisplay()');
  return {
    onBatch: ({ epoch, epochs, batch, batches, loss, accuracy }) =>
      display.text(
        `epoch ${epoch} of ${epochs}, batch ${batch} of ${batches}: ` +
          `loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}`,
      ),
    onEpoch: ({ epoch, loss, accuracy, validationAccuracy }) =>
      display.text(
        `epoch ${epoch}: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}` +
          (validationAccuracy === undefined ? '' : `, validation accuracy ${percent(validationAccuracy)}`),
      ),
  };
}
