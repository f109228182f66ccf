/** The images of the experiments: those of the notebooks, and the ones set apart to choose learning rates by. */
import { loadMnist, take, type Dataset } from 'convlab';

export interface Digits {
  /** 6,000 images, the first ones of the subset's 8,000. */
  readonly train: Dataset;
  /** The other 2,000 of them. */
  readonly validation: Dataset;
  /** The subset's 2,000 test images. */
  readonly test: Dataset;
}

let loaded: Promise<Digits> | undefined;

export function digits(): Promise<Digits> {
  loaded ??= loadMnist({ source: 'subset' }).then(({ train, test }) => ({
    train: part(train, 0, 6000),
    validation: part(train, 6000, 8000),
    test,
  }));
  return loaded;
}

/** The images from `from` to before `to`. */
export function part(data: Dataset, from: number, to: number): Dataset {
  return take(
    data,
    Array.from({ length: to - from }, (_, i) => from + i),
  );
}
