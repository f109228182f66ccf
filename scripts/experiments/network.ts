/** An arm that trains a `tf.Sequential` with `train`. */
import type { Sequential } from '@tensorflow/tfjs';
import {
  augmenter,
  evaluate,
  permutation,
  schedules,
  take,
  train,
  type AugmentOptions,
  type Dataset,
  type TrainOptions,
} from 'convlab';
import { digits, part, type Digits } from './digits';
import type { Arm } from './experiment';

/** How a network is trained, but for its learning rate. */
export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  /** The learning rate is constant, half a cosine's first one, or one cycle's peak. Default constant. */
  readonly schedule?: 'constant' | 'cosine' | 'oneCycle';
  /** Share of the steps that one cycle rises. Default: that of `schedules.oneCycle`. */
  readonly rising?: number;
  readonly optimizer?: TrainOptions['optimizer'];
  readonly labelSmoothing?: number;
  readonly average?: { readonly decay: number; readonly every: number };
  readonly augment?: AugmentOptions;
}

/** What is measured in the end, beyond `wrong`. */
export type Measure = (model: Sequential, read: Dataset, learned: Dataset) => Promise<Record<string, number>>;

export interface TrainedArm {
  readonly name: string;
  /** As its settings call the network. */
  readonly network: string;
  readonly build: (o: { readonly seed: number }) => Sequential;
  readonly recipe: Recipe;
  readonly rates: readonly number[];
  /** How many training images. */
  readonly images: number;
  /** The seed also draws which ones; else they are the first ones, as in the notebook. */
  readonly drawn?: boolean;
  /** Epochs after which the errors are counted too, as `wrong after N`. Nothing is chosen by them. */
  readonly after?: readonly number[];
  readonly measure?: Measure;
  /** Where the images come from. Default {@link digits}. */
  readonly from?: () => Promise<Digits>;
}

export function trained(o: TrainedArm): Arm {
  const { name, network, build, recipe, rates, images, drawn = false, after = [], from = digits } = o;
  // Stored results tell by it what they were made with: an average without a warm-up had none.
  const average = { ...recipe.average, warmUp: '(1 + t)/(10 + t)' };
  return {
    name,
    settings: { network, images, ...(drawn && { drawn }), ...recipe, ...(recipe.average && { average }) },
    rates,
    async run({ seed, learningRate, on }) {
      const data = await from();
      const learned = drawn
        ? take(data.train, permutation(data.train.size, seed).slice(0, images))
        : part(data.train, 0, images);
      const model = build({ seed });
      const earlier: Record<string, number> = {};
      try {
        await train(model, learned, {
          ...optionsOf(recipe, learningRate),
          seed,
          async onEpoch({ epoch }) {
            if (after.includes(epoch)) earlier[`wrong after ${epoch}`] = await wrongOf(model, data[on]);
          },
        });
        const wrong = await wrongOf(model, data[on]);
        const more = on === 'test' ? await o.measure?.(model, data.test, learned) : undefined;
        return { wrong, ...earlier, ...more };
      } finally {
        model.dispose();
      }
    },
  };
}

function optionsOf(
  { augment, schedule = 'constant', rising, ...rest }: Recipe,
  learningRate: number,
): TrainOptions {
  return {
    ...rest,
    learningRate:
      schedule === 'oneCycle'
        ? schedules.oneCycle(learningRate, { rising })
        : schedules[schedule](learningRate),
    ...(augment && { augment: augmenter(augment) }),
  };
}

export async function wrongOf(model: Sequential, data: Dataset): Promise<number> {
  const { accuracy } = await evaluate(model, data);
  return Math.round((1 - accuracy) * data.size);
}
