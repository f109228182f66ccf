/** How a page describes a network: plain data, a layer after another, and what is wrong with a description that is none. */
import { check, checkList, checkOptions, finite, isObject, oneOf, shown, whole } from '../check';
import type { OptionRules } from '../check';
import type { Pair } from '../shape';

/** What a layer does to each number of its sums. */
export type Activation = 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softmax';

export interface ConvolutionDescription {
  readonly kind: 'conv';
  readonly filters: number;
  readonly kernel: Pair;
  /** Default 1. */
  readonly stride?: Pair;
  /** Zeros on each side, or how many is to be chosen. Default `'valid'`. */
  readonly padding?: Pair | 'valid' | 'same';
  /** Default relu. */
  readonly activation?: Activation;
}

export interface PoolingDescription {
  readonly kind: 'maxPool' | 'avgPool';
  readonly size: Pair;
  /** Default the size. */
  readonly stride?: Pair;
}

/** Flattens what comes before it. */
export interface DenseDescription {
  readonly kind: 'dense';
  readonly units: number;
  /** Default relu. */
  readonly activation?: Activation;
}

export interface ActivationDescription {
  readonly kind: 'activation';
  readonly activation: Activation;
}

export interface DropoutDescription {
  readonly kind: 'dropout';
  /** The share that is dropped. */
  readonly rate: number;
}

/** Layers from the image to the outputs. */
export type LayerDescription =
  ConvolutionDescription | PoolingDescription | DenseDescription | ActivationDescription | DropoutDescription;

/** Seed 001's network, `models.twoConvLayers` in Node: 30,840 parameters. */
export const twoConvLayers: readonly LayerDescription[] = [
  { kind: 'conv', filters: 10, kernel: 5, padding: 1, activation: 'linear' }, // 26×26×10
  { kind: 'maxPool', size: 2 }, // 13×13×10
  { kind: 'activation', activation: 'relu' },
  { kind: 'conv', filters: 20, kernel: 5, padding: 1, activation: 'linear' }, // 11×11×20
  { kind: 'maxPool', size: 2 }, // 5×5×20
  { kind: 'activation', activation: 'relu' },
  { kind: 'dense', units: 50 },
  { kind: 'dense', units: 10, activation: 'softmax' },
];

const activation = oneOf<Activation>('linear', 'relu', 'tanh', 'sigmoid', 'softmax');
/** More of them than a network in a page has use for. */
const many = whole(1, 65536);
/** What a window is made of is checked with the image that it has to fit. */
const anyPair = { expected: 'a number or a pair of numbers', holds: (value: unknown) => value !== undefined };

const kind = oneOf<LayerDescription['kind']>('conv', 'maxPool', 'avgPool', 'dense', 'activation', 'dropout');
const convolutionRules: OptionRules<ConvolutionDescription> = {
  kind,
  filters: many,
  kernel: anyPair,
  stride: anyPair,
  padding: anyPair,
  activation,
};
const poolingRules: OptionRules<PoolingDescription> = { kind, size: anyPair, stride: anyPair };
const denseRules: OptionRules<DenseDescription> = { kind, units: many, activation };
const activationRules: OptionRules<ActivationDescription> = { kind, activation };
const dropoutRules: OptionRules<DropoutDescription> = { kind, rate: finite({ from: 0, to: 1 }) };
const rules: Readonly<Record<LayerDescription['kind'], unknown>> = {
  conv: convolutionRules,
  maxPool: poolingRules,
  avgPool: poolingRules,
  dense: denseRules,
  activation: activationRules,
  dropout: dropoutRules,
};
const required: Readonly<Record<LayerDescription['kind'], readonly string[]>> = {
  conv: ['filters', 'kernel'],
  maxPool: ['size'],
  avgPool: ['size'],
  dense: ['units'],
  activation: ['activation'],
  dropout: ['rate'],
};

/** Throws unless each is a layer with what it needs. */
export function checkLayers(callee: string, layers: readonly LayerDescription[]): void {
  checkList(callee, 'layers', layers, 'a list of layers', 1);
  layers.forEach((layer, i) => {
    const where = `${callee}: layers[${i}]`;
    if (!isObject(layer)) throw new TypeError(`${where} is ${shown(layer)}, expected an object { kind, … }`);
    check(where, 'kind', layer.kind, kind);
    checkOptions(where, layer, rules[layer.kind] as OptionRules<object>, { required: required[layer.kind] });
  });
}
