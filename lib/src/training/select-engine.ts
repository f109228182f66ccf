/** Which engine runs a network, and why. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { backendInUse } from '../backend/backend';
import type { Engine, EngineOptions } from '../engine/types';
import { createTfjsEngine } from './tfjs-engine';

export interface SelectedEngine {
  readonly engine: Engine;
  readonly name: 'simd' | 'tfjs';
  readonly reason: string;
  /** The name, and whatever else decides the bits of its results. */
  readonly identity: string;
}

export async function selectEngine(
  _callee: string,
  model: Sequential,
  wanted: 'auto' | 'simd' | 'tfjs',
  o: EngineOptions,
): Promise<SelectedEngine> {
  const engine = await createTfjsEngine(model, o);
  const backend = backendInUse()?.name ?? 'another';
  return {
    engine,
    name: 'tfjs',
    reason: wanted === 'tfjs' ? 'asked for by name' : 'TODO',
    identity: `tfjs on the ${backend} backend`,
  };
}
