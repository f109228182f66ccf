/** Which engine runs a network, and why. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { backendInUse } from '../backend/backend';
import { checkShapes, createEngine, Unsupported } from '../engine';
import type { Engine, EngineOptions } from '../engine/types';
import { warnOnce } from '../warnOnce';
import { createTfjsEngine } from './tfjsEngine';

export interface SelectedEngine {
  readonly engine: Engine;
  readonly name: 'simd' | 'tfjs';
  readonly reason: string;
  /** The name, and whatever else determines the bits of its results. */
  readonly identity: string;
}

/**
 * @param callee who wants it, for messages
 * @throws RangeError when a layer has nothing to give, such as one whose window is larger than its input
 * @throws TypeError when `simd` is asked for and cannot run the model, or no engine does what a layer says
 */
export async function selectEngine(
  callee: string,
  model: Sequential,
  wanted: 'auto' | 'simd' | 'tfjs',
  o: EngineOptions,
): Promise<SelectedEngine> {
  checkShapes(callee, model);
  if (wanted === 'tfjs') return byTensorFlow(callee, model, o, 'asked for by name');
  let unsupported: Unsupported;
  try {
    const engine = createEngine(model, o);
    const reason = wanted === 'simd' ? 'asked for by name' : 'it supports all layers of the model';
    return { engine, name: 'simd', reason, identity: engine.fused ? 'simd with fused multiply-add' : 'simd' };
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    unsupported = error;
  }
  if (wanted === 'simd') {
    throw new TypeError(
      `${callee}: engine is 'simd', expected 'auto' or 'tfjs' for this model: ${unsupported.message}`,
      { cause: unsupported },
    );
  }
  const notice = `${callee}: running on TensorFlow.js, which is slower: ${unsupported.message}`;
  warnOnce(notice, notice);
  return byTensorFlow(callee, model, o, unsupported.message);
}

async function byTensorFlow(
  callee: string,
  model: Sequential,
  o: EngineOptions,
  reason: string,
): Promise<SelectedEngine> {
  const engine = await createTfjsEngine(callee, model, o);
  return { engine, name: 'tfjs', reason, identity: `tfjs on the ${backendInUse()?.name} backend` };
}
