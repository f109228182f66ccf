/**
 * Compares a cell's outputs with the stored ones. Standard output is one text, wherever figures came between; figures
 * and values are compared in their order, MIME type by MIME type; of an error its name and message, for a traceback
 * names files and lines of one machine. Execution counts, metadata and white space at the very end carry no result.
 *
 * A picture of data that is in the bundle itself (an SVG beside Plotly's JSON) adds nothing new, and changes with every
 * version of the drawing library: it has to be there, but is not compared.
 */
import type { CompareOptions, DiffLine, Difference, MimeBundle, Output } from '../result';
import type { Described } from './diff';
import { align, clip, diffTexts } from './diff';
import { compareBytes, comparePng } from './image';
import { compareJson } from './json';
import { textsAgree } from './numbers';
import { sanitizer } from './sanitize';
import { resolveTerminal, stripEscapes } from './stream';
import { compareSvg } from './svg';

/**
 * A cell in which more outputs differ is compared output by output, in order, since each comparison of two large figures
 * takes time: this many take about 80 of them.
 */
const mostEdits = 12;

/** The differences; none if the outputs say the same. */
export function compareOutputs(
  stored: readonly Output[],
  fresh: readonly Output[],
  options: CompareOptions,
): Difference[] {
  const clean = sanitizer(options.sanitizers);
  return [
    ...(['stdout', 'stderr'] as const).flatMap((name) => compareStream(name, stored, fresh, options, clean)),
    ...compareBundles(bundlesOf(stored, options), bundlesOf(fresh, options), options, clean),
  ];
}

/** Names how a text is written once sanitizers have been applied. */
type Clean = (text: string) => string;

function isIgnored(name: string, ignore: readonly string[]): boolean {
  return ignore.some(
    (entry) => entry === name || (entry.endsWith('/*') && name.startsWith(entry.slice(0, -1))),
  );
}

function compareStream(
  name: 'stdout' | 'stderr',
  stored: readonly Output[],
  fresh: readonly Output[],
  options: CompareOptions,
  clean: Clean,
): Difference[] {
  if (isIgnored(name, options.ignore)) return [];
  const [a, b] = [stored, fresh].map((outputs) => {
    const chunks = outputs.flatMap((output) =>
      output.output_type === 'stream' && output.name === name ? [output.text] : [],
    );
    return clean(resolveTerminal(chunks.join(''))).trimEnd();
  });
  if (a === '' && b === '') return [];
  if (b === '') return [alone('output missing', name, a, `nothing is printed any more`)];
  if (a === '') return [alone('output new', name, b, `something is printed`)];
  if (textsAgree(a, b, options)) return [];
  return [{ kind: 'output changed', mimeType: name, ...diffTexts(a, b, options) }];
}

/** The outputs that are not streams, without what is ignored; an error is a bundle of its own type. */
function bundlesOf(outputs: readonly Output[], options: CompareOptions): MimeBundle[] {
  return outputs.flatMap((output) => {
    if (output.output_type === 'stream') return [];
    const data =
      output.output_type === 'error'
        ? { error: stripEscapes(`${output.ename}: ${output.evalue}`) }
        : output.data;
    const kept = Object.entries(data).filter(
      ([mimeType]) =>
        // A widget's view is a random reference to state that lives in a browser.
        mimeType !== 'application/vnd.jupyter.widget-view+json' &&
        // JupyterLab's Plotly extension stores a picture of the page with each figure it draws.
        !(mimeType === 'image/png' && 'application/vnd.plotly.v1+json' in data) &&
        !isIgnored(mimeType, options.ignore),
    );
    return kept.length > 0 ? [Object.fromEntries(kept)] : [];
  });
}

/** Pairs outputs that agree, then pairs what is left between them, in order. */
function compareBundles(
  stored: readonly MimeBundle[],
  fresh: readonly MimeBundle[],
  options: CompareOptions,
  clean: Clean,
): Difference[] {
  const known = new Map<number, Difference[]>();
  const compare = (i: number, j: number): Difference[] => {
    const key = i * fresh.length + j;
    const found = known.get(key) ?? compareBundle(stored[i], fresh[j], options, clean);
    known.set(key, found);
    return found;
  };
  const differences: Difference[] = [];
  let removed: number[] = [];
  let added: number[] = [];
  const number = (i: number, of: readonly MimeBundle[]) => (of.length > 1 ? `output ${i + 1}: ` : '');
  const settle = () => {
    const pairs = Math.min(removed.length, added.length);
    for (let k = 0; k < pairs; k++) {
      for (const found of compare(removed[k], added[k]))
        differences.push({ ...found, message: number(removed[k], stored) + found.message });
    }
    for (const i of removed.slice(pairs))
      differences.push(aloneBundle('output missing', stored[i], number(i, stored), clean));
    for (const j of added.slice(pairs))
      differences.push(aloneBundle('output new', fresh[j], number(j, fresh), clean));
    [removed, added] = [[], []];
  };
  const agree = (i: number, j: number) => compare(i, j).length === 0;
  for (const step of align(stored.length, fresh.length, agree, mostEdits)) {
    if (step.stored !== undefined && step.fresh !== undefined) settle();
    else if (step.stored !== undefined) removed.push(step.stored);
    else added.push(step.fresh as number);
  }
  settle();
  return differences;
}

function compareBundle(
  stored: MimeBundle,
  fresh: MimeBundle,
  options: CompareOptions,
  clean: Clean,
): Difference[] {
  const types = [...new Set([...Object.keys(stored), ...Object.keys(fresh)])];
  const dataIsCompared = types.some((type) => isJson(type) && type in stored && type in fresh);
  return types.flatMap((mimeType): Difference[] => {
    if (!(mimeType in fresh)) return [alone('output missing', mimeType, preview(mimeType, stored, clean))];
    if (!(mimeType in stored)) return [alone('output new', mimeType, preview(mimeType, fresh, clean))];
    if (dataIsCompared && (mimeType.startsWith('image/') || mimeType === 'text/html')) return [];
    const found = compareValue(mimeType, stored[mimeType], fresh[mimeType], options, clean);
    return found ? [{ kind: 'output changed', mimeType, ...found }] : [];
  });
}

function compareValue(
  mimeType: string,
  stored: unknown,
  fresh: unknown,
  options: CompareOptions,
  clean: Clean,
): Described | undefined {
  if (isJson(mimeType) || typeof stored !== 'string' || typeof fresh !== 'string')
    return compareJson(stored, fresh, options, clean);
  if (mimeType === 'image/svg+xml') return compareSvg(stored, fresh, options, clean);
  if (mimeType === 'image/png') return comparePng(stored, fresh);
  if (isBinary(mimeType)) return compareBytes(stored, fresh);
  const [a, b] = [stored, fresh].map((text) => clean(stripEscapes(text)).trimEnd());
  return textsAgree(a, b, options) ? undefined : diffTexts(a, b, options);
}

function isJson(mimeType: string): boolean {
  return mimeType === 'application/json' || mimeType.endsWith('+json');
}

function isBinary(mimeType: string): boolean {
  return /^(?:image|audio|video|font)\/(?!svg)|^application\/(?:pdf|zip|octet-stream)$/.test(mimeType);
}

const ALONE = { 'output missing': 'is not produced any more', 'output new': 'is new' } as const;

/** A text that exists on one side only. */
function alone(
  kind: keyof typeof ALONE,
  mimeType: string,
  text: string,
  what = `${mimeType} ${ALONE[kind]}`,
): Difference {
  const side: DiffLine['kind'] = kind === 'output missing' ? 'stored' : 'fresh';
  const lines = text.split('\n');
  const diff: DiffLine[] = lines.slice(0, 20).map((line) => ({ kind: side, text: clip(line, 300) }));
  if (lines.length > 20) diff.push({ kind: 'cut', text: `… ${lines.length - 20} more lines` });
  return { kind, mimeType, message: `${what}: '${clip(lines[0], 80)}'`, diff };
}

function aloneBundle(kind: keyof typeof ALONE, bundle: MimeBundle, place: string, clean: Clean): Difference {
  const types = Object.keys(bundle);
  const readable = types.find((type) => type === 'text/plain') ?? types[0];
  const what = `${place}${types.join(', ')} ${ALONE[kind]}`;
  return alone(kind, readable, preview(readable, bundle, clean), what);
}

/** What a person can read of a value; for binary ones, the size. */
function preview(mimeType: string, bundle: MimeBundle, clean: Clean): string {
  const value = bundle[mimeType];
  if (typeof value !== 'string') return clip(JSON.stringify(value) ?? '', 300);
  return isBinary(mimeType)
    ? `${Buffer.from(value, 'base64').length} bytes`
    : clean(stripEscapes(value)).trimEnd();
}
