/** What an optimizer computes with, for every engine. */
import type { OptimizerSettings } from './types';

export type OptimizerNumbers = Required<OptimizerSettings>;

/** Defaults: those of tf.train.momentum's usage (0.9) and tf.train.adam (0.9, 0.999, 1e-7). */
export function optimizerNumbers(settings: OptimizerSettings): OptimizerNumbers {
  const weightDecay = settings.weightDecay ?? 0;
  switch (settings.kind) {
    case 'sgd':
      return { kind: 'sgd', weightDecay };
    case 'momentum':
      return { kind: 'momentum', momentum: settings.momentum ?? 0.9, weightDecay };
    case 'adam':
      return {
        kind: 'adam',
        beta1: settings.beta1 ?? 0.9,
        beta2: settings.beta2 ?? 0.999,
        epsilon: settings.epsilon ?? 1e-7,
        weightDecay,
      };
  }
}
