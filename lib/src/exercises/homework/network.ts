/** A network that is handed in as plain data, within a budget: what is checked before anything is trained. */
import { anything, checkOptions, finite, isObject, oneOf, shown, whole } from '../../check';
import type { OptionRules, OptionsForm } from '../../check';
import type { NetworkCost, NetworkLayers } from '../../networkDescription';
import { networkCost } from '../../networkDescription';
import { unusableReason } from '../answers';
import { failure, notAFunction } from '../outcome';
import type { CheckResult } from '../result';
import { showsItself } from '../result';
import { numberText, sentence } from '../words';

export interface NetworkEntry {
  readonly layers: NetworkLayers;
  readonly training: {
    readonly optimizer: 'sgd' | 'momentum' | 'adam';
    readonly learningRate: number;
    /** `cosine`: the rate falls along half a cosine, to 0 after the last step. Default `constant`. */
    readonly schedule?: 'constant' | 'cosine';
    /** Images per step, 8 to 512. */
    readonly batchSize: number;
  };
}

export interface NetworkBudget {
  readonly parameters: number;
  /** For one image. No more numbers than that may be read by pooling. */
  readonly multiplyAdds: number;
}

export interface NetworkLimits extends NetworkBudget {
  /** Mean accuracies on the test images, rising: each that is reached earns an equal share of the points. */
  readonly accuracies: readonly number[];
}

export type EntryReading =
  | { readonly entry: NetworkEntry; readonly cost: NetworkCost }
  /** In a whole sentence. */
  | { readonly fault: string };

const budgetRules: OptionRules<NetworkBudget> = { parameters: whole(1), multiplyAdds: whole(1) };
const budgetForm: OptionsForm = { name: 'budget', required: ['parameters', 'multiplyAdds'], open: true };

/** More layers than any network within a budget has use for. */
const MOST_LAYERS = 20;

const entryRules: OptionRules<NetworkEntry> = { layers: anything, training: anything };
const trainingRules: OptionRules<NetworkEntry['training']> = {
  optimizer: oneOf('sgd', 'momentum', 'adam'),
  learningRate: finite({ above: 0, to: 10 }),
  schedule: oneOf('constant', 'cosine'),
  // Smaller batches take several times as long.
  batchSize: whole(8, 512),
};

/** Reads what was handed in, and holds it against the budget. */
export function readEntry(value: unknown, budget: NetworkBudget): EntryReading {
  try {
    const unusable = unusableReason(value, 'the answer');
    if (unusable !== undefined) return { fault: sentence(unusable) };
    if (!isObject(value))
      return { fault: sentence(`the answer is ${shown(value)}, expected { layers, training }`) };
    checkOptions('the answer', value, entryRules, { required: ['layers', 'training'] });
    const { layers, training } = value;
    if (!isObject(training)) {
      const given = training === undefined ? 'There is no training' : `training is ${shown(training)}`;
      return { fault: sentence(`${given}, expected { optimizer, learningRate, batchSize }`) };
    }
    if (Array.isArray(layers) && layers.length > MOST_LAYERS)
      return { fault: `It has ${layers.length} layers, expected at most ${MOST_LAYERS}.` };
    const cost = networkCost(layers);
    checkOptions('training', training, trainingRules, {
      required: ['optimizer', 'learningRate', 'batchSize'],
    });
    const over = overBudget(cost, budget);
    return over === undefined ? { entry: { layers, training }, cost } : { fault: over };
  } catch (error) {
    return { fault: sentence((error as Error).message.replace(/^networkCost: /, '')) };
  }
}

function overBudget(cost: NetworkCost, budget: NetworkBudget): string | undefined {
  for (const [name, what] of [
    ['parameters', 'parameters'],
    ['multiplyAdds', 'multiply-adds for an image'],
  ] as const) {
    if (cost[name] <= budget[name]) continue;
    const most = cost.layers.reduce((at, layer, i) => (layer[name] > cost.layers[at][name] ? i : at), 0);
    const share = Math.round((100 * cost.layers[most][name]) / cost[name]);
    return `It has ${numberText(cost[name])} ${what}, ${numberText(cost[name] - budget[name])} over the budget of ${numberText(budget[name])}; layers[${most}] has ${share} % of them.`;
  }
  if (cost.reads > budget.multiplyAdds) {
    return `Its pooling reads ${numberText(cost.reads)} numbers for an image, expected at most ${numberText(budget.multiplyAdds)}, as many as there may be multiply-adds.`;
  }
  return undefined;
}

/**
 * Checks that a function gives a network within a budget, and says what it costs. It trains nothing.
 *
 * @throws TypeError or RangeError for a budget that is none
 * @example checkNetwork(myNetwork, { parameters: 20_000, multiplyAdds: 600_000 })
 */
export function checkNetwork(network: () => NetworkEntry, budget: NetworkBudget): CheckResult {
  checkOptions('checkNetwork', budget, budgetRules, budgetForm);
  const title = 'a network within its budget';
  const result = (state: CheckResult['state'], message: string): CheckResult =>
    showsItself({ id: 'network', title, passed: state === 'passed', state, message, cases: [] });
  const given: unknown = network;
  if (given === undefined) return result('not written', 'Not written yet.');
  if (typeof given !== 'function') return result('wrong', notAFunction(given, 'checkNetwork(name, …)'));
  let value: unknown;
  try {
    value = network();
  } catch (error) {
    const outcome = failure(error);
    if ('notWritten' in outcome) return result('not written', 'Not written yet.');
    return result('wrong', sentence(outcome.fault));
  }
  const reading = readEntry(value, budget);
  if ('fault' in reading) return result('wrong', reading.fault);
  const { parameters, multiplyAdds } = reading.cost;
  return result(
    'passed',
    `${numberText(parameters)} parameters of ${numberText(budget.parameters)}, ${numberText(multiplyAdds)} multiply-adds for an image of ${numberText(budget.multiplyAdds)}.`,
  );
}
