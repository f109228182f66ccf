/** A line at the bottom of a terminal that says how far a training is: one of 40 epochs takes minutes. */
import type { EpochRecord } from 'convlab';
import { liveLines } from '../notebooks/report/progress';

/**
 * Runs a training and shows its last epoch until it has ended; nothing where standard output is no terminal.
 *
 * @param run is given what to call after each epoch
 */
export async function withEpochLine<T>(
  name: string,
  epochs: number,
  run: (onEpoch: (record: EpochRecord) => void) => Promise<T>,
): Promise<T> {
  const { stdout } = process;
  if (!stdout.isTTY) return run(() => undefined);
  const lines = liveLines(
    (text) => stdout.write(text),
    () => stdout.columns,
  );
  lines.show([`${name}: epoch 1 of ${epochs}`]);
  try {
    return await run(({ epoch, accuracy, imagesPerSecond }) => {
      const measured = `accuracy ${(100 * accuracy).toFixed(2)} %, ${Math.round(imagesPerSecond)} images/s`;
      lines.show([`${name}: ${epoch} of ${epochs} epochs, ${measured}`]);
    });
  } finally {
    lines.show([]);
  }
}
