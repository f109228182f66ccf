/** The command line of train.ts: what to compare, and for how long. */
import { availableParallelism } from 'node:os';
import { fromHere, readOptions, someOf, UsageError, wholeNumber } from '../commandLine';
import type { Mode, NetworkName } from './trainContestants';

const NETWORKS: readonly NetworkName[] = ['twoConvLayers', 'kerasConvnet', 'denseNetwork'];
/** What grows along each curve, from the smallest to the largest. */
export const GROWTH: readonly { readonly network: NetworkName; readonly batch: number }[] = [
  ...(['twoConvLayers', 'twoConvLayers-x2', 'twoConvLayers-x4', 'twoConvLayers-56'] as const).map(
    (network) => {
      return { network, batch: 32 };
    },
  ),
  ...[8, 128, 512].map((batch) => ({ network: 'twoConvLayers' as const, batch })),
  { network: 'twoConvLayers-x4', batch: 128 },
];

const CONTESTANTS = ['simd', 'pytorch', 'tfjs-node', 'wasm'];

export const usage = `npm run bench:train -- [options]

How fast networks train and predict: ConvLab's engine (simd) beside PyTorch, tfjs-node and TensorFlow.js' wasm backend,
as many of them as this machine has. PyTorch is taken from the Python that CONVLAB_PYTHON names, from .venv, or from the PATH.

  --networks A,B       some of ${NETWORKS.join(', ')} (all)
  --batches N,M        images per step (32,128)
  --threads N,M        worker threads (1 and the machine's cores; with --growth only those)
  --node 20,22,24      versions of Node for the engine, fetched by npx (the one that runs this)
  --neighbours N,M     busy processes beside the contestants, in turn (0)
  --only A,B           some of ${CONTESTANTS.join(', ')} (all)
  --growth             training alone, of networks, images and batches that grow (instead of --networks and --batches)
  --rounds N           rounds of all contestants in turn; their median is reported (6)
  --seconds X          length of a contestant's turn (1)
  --json FILE          write all measurements there too
  --help               this text

The figures mean something only on a machine that does nothing else. Exit code: 0 done, 1 failed, 2 wrong usage.
`;

export interface Settings {
  readonly rounds: number;
  readonly seconds: number;
  /** What is compared. */
  readonly cells: readonly { readonly network: NetworkName; readonly batch: number }[];
  readonly modes: readonly Mode[];
  readonly threads: readonly number[];
  /** Major versions of Node; undefined: the one that runs this. */
  readonly nodes: readonly number[] | undefined;
  readonly neighbours: readonly number[];
  readonly only: readonly string[] | undefined;
  readonly json: string | undefined;
}

/**
 * The settings, or null when only the usage is asked for.
 *
 * @throws UsageError that names the option, its value and what was expected
 */
export function readSettings(args: readonly string[]): Settings | null {
  const { values } = readOptions(args, {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '1' },
    networks: { type: 'string', default: NETWORKS.join() },
    batches: { type: 'string', default: '32,128' },
    threads: { type: 'string' },
    node: { type: 'string' },
    neighbours: { type: 'string', default: '0' },
    only: { type: 'string' },
    growth: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false, short: 'h' },
  });
  if (values.help) return null;
  const numbers = (option: string, text: string): number[] =>
    text.split(',').map((part) => wholeNumber(option, part));
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds < Infinity)) {
    throw new UsageError(`--seconds is '${values.seconds}', expected a number above 0`);
  }
  return {
    rounds: wholeNumber('--rounds', values.rounds),
    seconds,
    cells: values.growth
      ? GROWTH
      : someOf('--networks', values.networks, NETWORKS).flatMap((network) =>
          numbers('--batches', values.batches).map((batch) => ({ network, batch })),
        ),
    modes: values.growth ? ['train'] : ['train', 'predict'],
    threads: numbers(
      '--threads',
      values.threads ?? [...new Set([...(values.growth ? [] : [1]), availableParallelism()])].join(),
    ),
    nodes: values.node === undefined ? undefined : numbers('--node', values.node),
    neighbours: values.neighbours
      .split(',')
      .map((part) => (part === '0' ? 0 : wholeNumber('--neighbours', part))),
    only: values.only === undefined ? undefined : someOf('--only', values.only, CONTESTANTS),
    json: values.json && fromHere(values.json),
  };
}
