/**
 * What a stored comparison of trained networks consists of, and the protocol that all of them follow.
 *
 * Every arm chooses its learning rate from the same number of candidates, by its errors on validation images (never
 * trained on, never the test images) with seeds of their own. Then it is trained with the seeds 1 … n, the same for all
 * arms, so that their results are paired, and each network reads the test images once.
 */

/** Results of one training by name; `wrong` counts test (or validation) images read wrongly. */
export interface Measured {
  readonly wrong: number;
  readonly [name: string]: number;
}

export interface Run {
  readonly seed: number;
  readonly learningRate: number;
  /** Which images are read in the end. */
  readonly on: 'validation' | 'test';
}

export interface Arm {
  /** Names it within its experiment. */
  readonly name: string;
  /** All that its results depend on, as plain data: when this changes, its stored runs are trained again. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The candidates. A single one, that of the notebook, is not chosen by anything. */
  readonly rates: readonly number[];
  readonly run: (run: Run) => Promise<Measured>;
}

export interface Experiment {
  /** Also its file: `results/NAME.json`. */
  readonly name: string;
  /** The notebook's question. */
  readonly question: string;
  readonly arms: readonly Arm[];
}

/** For choosing a learning rate. Not among 1 … 24, those of the results. */
export const tuningSeeds: readonly number[] = [101, 102];
