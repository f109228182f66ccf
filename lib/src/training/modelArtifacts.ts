/**
 * A network as data in TensorFlow.js' own format, and back, with what that format cannot say: which models within the
 * model are frozen, and whose the weights are where two layers have one name.
 */
import type { io } from '@tensorflow/tfjs-core';
import type { layers, LayersModel, Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow, type TensorFlow } from '../backend/tensorflow';
import {
  assign,
  disposeWeights,
  frozenModels,
  layerWeights,
  unlikeItsCopy,
  type LayerWeight,
} from './layerWeights';

export interface Artifacts extends io.ModelArtifacts {
  /** Not in TensorFlow.js' `userDefinedMetadata`, which a loaded model keeps: saved by others, it would be outdated. */
  readonly convlab?: {
    /** The places of the frozen ones: `[]` is the model itself, `[2, 0]` the first layer of its third one. */
    readonly frozen: readonly (readonly number[])[];
  };
}

/** What is written of a network, with the weights of the moment of the call. */
export async function artifactsOf(model: Sequential): Promise<Artifacts> {
  const tf = tensorflow();
  const keys = weightKeys(model);
  const names = model.weights.map((weight) => keys.get(weight) ?? weight.originalName);
  const frozen = frozenModels(model);
  let artifacts: io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler((given) => {
      artifacts = given;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' },
      });
    }),
  );
  return {
    ...artifacts,
    weightSpecs: artifacts.weightSpecs?.map((spec, i) => ({ ...spec, name: names[i] })),
    ...(frozen.length > 0 && { convlab: { frozen } }),
  };
}

/** The network that {@link artifactsOf} or TensorFlow.js has made these of: the same weights, bit for bit. */
export async function modelOf({ convlab, ...artifacts }: Artifacts): Promise<LayersModel> {
  const tf = tensorflow();
  const { weightSpecs = [], weightData = new ArrayBuffer(0), ...unnamed } = artifacts;
  knowNamesInCamelCase(tf);
  // TensorFlow.js knows names that other programs gave, but refuses two weights of one name.
  const repeated = weightSpecs.some(({ name }) => repeatedKey.test(name));
  const given = repeated ? unnamed : artifacts;
  const model = await tf.loadLayersModel({ load: () => Promise.resolve(given) });
  tf.tidy(() => {
    const values = tf.io.decodeWeights(weightData, weightSpecs);
    for (const [weight, key] of weightKeys(model)) {
      if (Object.hasOwn(values, key)) assign(weight, values[key]);
      else if (repeated) throw new Error(`there is no weight ${key}`);
    }
  });
  for (const place of convlab?.frozen ?? []) {
    const container = place.reduce<layers.Layer>((within, i) => (within as Sequential).layers[i], model);
    container.trainable = false;
  }
  return model;
}

/** The name of the first layer that is another one, or none, when it is built from the artifacts. */
export async function layerAtFault(
  all: readonly layers.Layer[],
  { modelTopology }: Artifacts,
): Promise<string> {
  const topology = modelTopology as { readonly config: { readonly layers: readonly object[] } };
  for (const [i, { name }] of all.entries()) {
    const config = { ...topology.config, layers: topology.config.layers.slice(0, i + 1) };
    try {
      const copy = await tensorflow().models.modelFromJSON({ ...topology, config } as never);
      const unlike = unlikeItsCopy(all.slice(0, i + 1), copy.layers);
      disposeWeights(copy);
      if (unlike) return unlike.name;
    } catch {
      return name;
    }
  }
  return all[all.length - 1].name;
}

/** As {@link weightKeys} names all but the first. */
const repeatedKey = /#\d+$/;

/** A name for each weight: TensorFlow.js' own, `conv/kernel`, and `conv/kernel#2` for the second of that name. */
function weightKeys({ layers }: LayersModel): Map<LayerWeight, string> {
  const counts = new Map<string, number>();
  const keys = new Map<LayerWeight, string>();
  for (const weight of layerWeights(layers)) {
    const name = weight.originalName;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    keys.set(weight, count === 1 ? name : `${name}#${count}`);
  }
  return keys;
}

/** Reading a file, TensorFlow.js turns `gelu_new` into geluNew, and then knows no such class. */
function knowNamesInCamelCase(tf: TensorFlow): void {
  const classes = tf.serialization.SerializationMap.getMap().classNameMap;
  for (const name of Object.keys(classes)) {
    classes[name.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase())] ??= classes[name];
  }
}
