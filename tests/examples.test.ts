/**
 * The examples in the doc comments of the library's public names, as the reference shows them: each is type-checked and
 * run, and where a comment says what comes out, that comes out.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { compileFunction, runInThisContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import * as convlab from 'convlab';
import ts from 'typescript';
import { FakeNotebook } from '../lib/src/testdata/fakeNotebook';

const ROOT = join(__dirname, '..');

interface Example {
  /** The public name that it belongs to. */
  readonly name: string;
  readonly source: string;
}

/** What an example takes as given, by the names that it uses. */
const GIVEN: Readonly<Record<string, string>> = {
  batch: 'take(digits.train, upTo(8))',
  data: 'digits',
  epoch: '1',
  featureMap: '[[1, -2], [0, 3]]',
  filters: '1',
  gradient: 'ndarray([0.5, -1])',
  history:
    'await train(models.denseNetwork({ hidden: [8] }), take(digits.train, upTo(64)), { quiet: true, epochs: 1 })',
  image: 'imageBatch(digits.train, [0])',
  inChannels: '1',
  kernel: 'ndarray({ shape: [3, 3, 1, 1], data: [1, 0, -1, 1, 0, -1, 1, 0, -1] })',
  labels: '[3, 1]',
  measured: 'async (i: number) => [i]',
  model: 'models.twoConvLayers({ seed: 1 })',
  net: 'smallNetwork.start(4, 1)',
  red: '[[1, 0], [0, 1]]',
  green: '[[1, 0], [0, 1]]',
  blue: '[[1, 0], [0, 1]]',
  onRed: 'blank',
  onGreen: 'blank',
  onBlue: 'blank',
  state: 'undefined as Parameters<typeof adam>[2]',
  step: '(_x: NDArray, _labels: ArrayLike<number>): void => undefined',
  sum: '9',
  target: 'ndarray({ shape: [1, 28, 28, 1], data: new Float64Array(784) })',
  test: 'digits.test',
  train: 'digits.train',
  velocity: 'undefined as Parameters<typeof momentum>[2]',
  weights: 'ndarray([1, 2])',
  window: '[[1, 2], [3, 4]]',
  x: 'imageBatch(digits.train, [0])',
};

/** Of one example. */
const OWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  learningCurves: { digits: 'training()' },
  prediction: {
    average: '1',
    kernel: 'convCost({ input: [28, 28, 3], kernel: 5, filters: 1, bias: false })',
    maximum: '2',
  },
  sideBySide: { kernel: '[[1, 0], [0, -1]]' },
  'smallNetwork.step': { x: 'flatten(imageBatch(digits.train, [0, 1]))' },
  wasmConvolution: { kernel: 'ndarray({ shape: [3, 3, 1, 4], data: new Float64Array(36) })' },
};

/** Programs that would do what a test must not: open a window. */
const ONLY_CHECKED = new Set(['openWindow']);
/** What comes out depends on a network that the reader has trained. */
const ILLUSTRATED = new Set(['percent']);

const entry = require.resolve('convlab').replace(/\.js$/, '.d.ts');
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  strict: true,
  skipLibCheck: true,
  types: ['node'],
};

/** The examples of all public names and of their members. */
function examplesOf(program: ts.Program): Example[] {
  const checker = program.getTypeChecker();
  const found = new Map<string, Example>();
  const visit = (symbol: ts.Symbol, name: string): void => {
    const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    for (const tag of own.getJsDocTags(checker)) {
      const text = ts.displayPartsToString(tag.text).replace(/^```\w*\n|\n```$/g, '');
      if (tag.name === 'example') found.set(text, { name: found.get(text)?.name ?? name, source: text });
    }
    if (name.includes('.')) return;
    const members =
      own.flags & ts.SymbolFlags.Module
        ? checker.getExportsOfModule(own)
        : [...(own.members?.values() ?? [])];
    for (const member of members) visit(member, `${name}.${member.name}`);
  };
  const face = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
  for (const symbol of checker.getExportsOfModule(face)) visit(symbol, symbol.name);
  return [...found.values()];
}

/** A function that runs the example and returns what its last expression gives. */
function functionOf({ name, source }: Example): string {
  // Braces at the beginning would be a block.
  const program = source.startsWith('{') ? source.replace(/^(.*?)(?=$| \/\/)/, '($1)') : source;
  const file = ts.createSourceFile('example.ts', program, ts.ScriptTarget.ES2022, true);
  const last = file.statements.at(-1);
  const text = file.text;
  const body =
    last && ts.isExpressionStatement(last)
      ? `${text.slice(0, last.getStart())}return (${last.expression.getText()});`
      : text;
  const given = { ...GIVEN, ...OWN[name] };
  const used = Object.keys(given).filter((word) => takes(source, word));
  return `async () => { ${used.map((word) => `let ${word} = ${given[word]};`).join(' ')}\n{\n${body}\n} }`;
}

/** Whether a name is taken as given: used, and neither a field nor called, in which case it is the library's. */
function takes(source: string, word: string): boolean {
  const code = source.replace(/\/\/.*$|'[^']*'/gm, '');
  const isFunction = GIVEN[word]?.includes('=>');
  return new RegExp(`(?<![.\\w])${word}\\b(?!:)${isFunction ? '' : '(?!\\()'}`).test(code);
}

/** What a comment at the end says, as a value; undefined for words. */
function claimOf(source: string): unknown {
  const said = /\/\/ (.+)$/.exec(source.trim())?.[1] ?? '';
  const isValue = /^(?:[[\]\d.,\s-]+|true|false|'[^']*'|\{[\w\s:.,]*\})$/.test(said);
  return isValue ? (runInThisContext(`(${said})`) as unknown) : undefined;
}

function plain(value: unknown): unknown {
  const isArray = typeof value === 'object' && value !== null && 'shape' in value && 'data' in value;
  return isArray ? convlab.toNested(value as convlab.NDArray) : value;
}

const names = Object.keys(convlab).filter((name) => /^[a-zA-Z]\w*$/.test(name));
const FILE = join(__dirname, 'examples.generated.ts');
const examples = examplesOf(ts.createProgram([entry], options));
const generated = [
  "import * as convlab from 'convlab';",
  "import type { NDArray, TrainOptions } from 'convlab';",
  "import { writeFileSync } from 'node:fs';",
  `const { ${names.join(', ')} } = convlab;`,
  'export const digits = { train: undefined as unknown as convlab.Dataset, test: undefined as unknown as convlab.Dataset };',
  'const training = (): convlab.Dataset => digits.train;',
  'const blank = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];',
  'const myNetwork = (): convlab.NetworkEntry => ({ layers: [] }) as unknown as convlab.NetworkEntry;',
  'const augment = augmenter({ shift: 1 });',
  'export const run: (() => Promise<unknown>)[] = [];',
  ...examples.map((example, i) => `run[${i}] = ${functionOf(example)};`),
  'void writeFileSync; void myNetwork; void blank; export type Used = NDArray | TrainOptions;',
].join('\n');

describe('the examples of the reference', () => {
  let folder: string;
  const home = process.cwd();
  const notebook = new FakeNotebook();
  const loaded: {
    run: (() => Promise<unknown>)[];
    digits: { train?: convlab.Dataset; test?: convlab.Dataset };
  } = {
    run: [],
    digits: {},
  };

  before(async () => {
    // As in a notebook: beside the scripts, with the file that somebody has fetched.
    folder = mkdtempSync(join(tmpdir(), 'convlab-examples-'));
    mkdirSync(join(folder, 'notebooks'));
    symlinkSync(join(ROOT, 'scripts'), join(folder, 'scripts'), 'junction');
    process.chdir(join(folder, 'notebooks'));
    const labels = convlab.formatIdx({ shape: [60_000], data: new Uint8Array(60_000) });
    writeFileSync('train-labels-idx1-ubyte.gz', gzipSync(labels));
    await convlab.saveModel(convlab.models.denseNetwork({ hidden: [4], seed: 1 }), 'digits');
    const js = ts.transpileModule(generated, { compilerOptions: options }).outputText;
    const load = compileFunction(js, ['require', 'exports']) as (...values: unknown[]) => void;
    load(require, loaded);
    const { train, test: tested } = await convlab.loadMnist();
    loaded.digits.train = convlab.take(train, convlab.upTo(64));
    loaded.digits.test = tested;
    // What shows itself takes a notebook for granted.
    notebook.open();
  });
  after(() => {
    notebook.close();
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  test('are of the right types', () => {
    assert.ok(examples.length >= 80, String(examples.length));
    const disk = ts.createCompilerHost(options);
    const host: ts.CompilerHost = {
      ...disk,
      fileExists: (file) => file === FILE || disk.fileExists(file),
      readFile: (file) => (file === FILE ? generated : disk.readFile(file)),
      getSourceFile: (file, ...rest) =>
        file === FILE ? ts.createSourceFile(file, generated, rest[0]) : disk.getSourceFile(file, ...rest),
    };
    const program = ts.createProgram([FILE], options, host);
    const faults = ts.getPreEmitDiagnostics(program).map(({ messageText, start = 0 }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, '\n');
      const number = [...generated.slice(0, start).matchAll(/^run\[(\d+)\]/gm)].at(-1)?.[1];
      return number === undefined ? message : `${examples[Number(number)].name}: ${message}`;
    });
    assert.deepEqual(faults, []);
  });

  for (const [i, { name, source }] of examples.entries()) {
    if (ONLY_CHECKED.has(name)) continue;
    test(`${name}: ${source.split('\n')[0]}`, async () => {
      const value = await loaded.run[i]();
      const claim = ILLUSTRATED.has(name) ? undefined : claimOf(source);
      // A declaration gives nothing.
      if (claim === undefined || value === undefined) return;
      const shape = (value as Partial<convlab.NDArray> | undefined)?.shape;
      // Of a large array, its shape is told.
      if (Array.isArray(claim) && shape && JSON.stringify(shape) === JSON.stringify(claim)) return;
      assert.deepEqual(plain(value), claim);
    });
  }
});
