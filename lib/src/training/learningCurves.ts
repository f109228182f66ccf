/** Learning curves: loss and accuracy of one or more trainings, epoch by epoch, as a figure. */
import { check, checkOptions, isObject, shown, text, whole } from '../check';
import { lineChart, type Series } from '../plot/lineChart';
import { sideBySide } from '../plot/sideBySide';
import type { Figure } from '../plot/draw';
import type { PlotFigure } from '../plot/kinds';
import { checkHistory, columns, type EpochRecord, type History } from './history';

/** The lists of a history that are drawn. */
export type Curves = Pick<History, 'loss' | 'accuracy' | 'validationLoss' | 'validationAccuracy'>;

/** How far an epoch has come, 0.4 of the third as 2.4, and its means so far. */
export interface Moment {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** A training as it is drawn. */
export interface DrawnTraining {
  readonly name: string;
  /** The number of the first epoch: not 1 if the training was resumed. */
  readonly first: number;
  readonly curves: Curves;
  /** Of the epoch that is not over yet. */
  readonly now: readonly Moment[];
}

export interface LearningCurvesOptions {
  readonly title?: string;
}

type Quantity = 'loss' | 'accuracy';

/** More lines have more names than a legend holds, and more colours than there are. */
const MOST_NAMES = 7;

/**
 * Loss and accuracy over the epochs, on the training images and, where there are some, on the validation images.
 * Without being asked, `train` shows the same figure in a notebook.
 *
 * @param history what `train` returns, or the records that `onEpoch` is given
 * @throws TypeError or RangeError when it is neither, or has no epoch
 * @example show(learningCurves(await train(model, digits)))
 */
export function learningCurves(
  history: History | readonly EpochRecord[],
  o: LearningCurvesOptions = {},
): Figure {
  const curves = curvesOf('learningCurves', history);
  checkOptions<LearningCurvesOptions>('learningCurves', o, { title: text });
  // The records of a resumed training begin later.
  const first = isList(history) ? history[0].epoch : 1;
  check('learningCurves', 'history[0].epoch', first, whole(1));
  return drawnTrainings([{ name: '', first, curves, now: [] }], first + curves.loss.length - 1, o.title);
}

function curvesOf(callee: string, history: History | readonly EpochRecord[]): Curves {
  if (isList(history)) {
    history.forEach((record, i) => {
      if (isObject(record)) return;
      throw new TypeError(`${callee}: history[${i}] is ${shown(record)}, expected the record of an epoch`);
    });
  }
  const curves = isList(history) ? columns(history) : history;
  checkHistory(callee, curves);
  if (curves.loss.length === 0)
    throw new RangeError(`${callee}: history has no epoch, expected at least one`);
  return curves;
}

function isList(history: History | readonly EpochRecord[]): history is readonly EpochRecord[] {
  return Array.isArray(history);
}

/**
 * One training: a line each for training and validation images. Several: a line for each, of the validation images if
 * all have some.
 *
 * @param epochs how many there will be
 */
export function drawnTrainings(trainings: readonly DrawnTraining[], epochs: number, title?: string): Figure {
  const validated =
    trainings.some(({ curves }) => curves.validationLoss.length > 0) &&
    trainings.every(({ curves }) => curves.validationLoss.length === curves.loss.length);
  const chart = (quantity: Quantity, named: boolean): PlotFigure => {
    const series =
      trainings.length === 1 ? linesOf(trainings[0], quantity) : lineEach(trainings, quantity, validated);
    return lineChart(
      series.map(({ name, ...line }) => ({ ...line, ...(named && name && { name }) })),
      {
        title: quantity === 'loss' ? 'Loss' : 'Accuracy',
        xLabel: 'epoch',
        // Room for the mark of the last one.
        xRange: [0, epochs * 1.03],
      },
    );
  };
  return sideBySide([chart('loss', false), chart('accuracy', true)], {
    title,
    description: `Learning curves${title === undefined ? '' : `: ${title}`}`,
  });
}

function linesOf(training: DrawnTraining, quantity: Quantity): Series[] {
  const validation = validationLine(training, quantity);
  return [
    { name: 'training', ...trainingLine(training, quantity) },
    ...(validation.y.length > 0 ? [{ name: 'validation', ...validation }] : []),
  ];
}

function lineEach(trainings: readonly DrawnTraining[], quantity: Quantity, validated: boolean): Series[] {
  return trainings.flatMap((training) => {
    const line = validated ? validationLine(training, quantity) : trainingLine(training, quantity);
    const name = trainings.length <= MOST_NAMES ? training.name : '';
    return line.y.length > 0 ? [{ name, ...line }] : [];
  });
}

function trainingLine({ first, curves, now }: DrawnTraining, quantity: Quantity): Line {
  return {
    x: [...curves[quantity].map((_, i) => first + i), ...now.map((moment) => moment.epoch)],
    y: [...curves[quantity], ...now.map((moment) => moment[quantity])],
  };
}

function validationLine({ first, curves }: DrawnTraining, quantity: Quantity): Line {
  const y = quantity === 'loss' ? curves.validationLoss : curves.validationAccuracy;
  return { x: y.map((_, i) => first + i), y };
}

interface Line {
  readonly x: readonly number[];
  readonly y: readonly number[];
}
