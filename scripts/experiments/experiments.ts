/** All experiments, in the order of the notebooks that show them. */
import { depth } from './depth';
import type { Experiment } from './experiment';
import { gains } from './gains';
import { kernels } from './kernels';
import { leaving } from './leaving';
import { memorising } from './memorising';
import { sixNetworks } from './networks';
import { normalising } from './normalising';
import { pooling } from './pooling';
import { probes } from './probes';
import { recipes } from './recipes';
import { shifting } from './shifting';
import { speedrun } from './speedrun';
import { stimuli } from './stimuli';
import { tolerance } from './tolerance';

export const experiments: readonly Experiment[] = [
  normalising, // 5
  memorising, // 6
  shifting, // 6
  gains, // 7
  pooling, // 8
  leaving, // 8
  depth, // 9
  stimuli, // 10
  probes, // 10
  tolerance, // 10
  sixNetworks, // 11
  kernels, // 11
  recipes, // 12
  speedrun, // 15; on the official files
];
