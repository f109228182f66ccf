/** Hints, of one sentence each, for the errors that learners meet most often. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Diagnostic } from './diagnostics';

type Hint = (message: RegExpExecArray, source: string) => string | undefined;

const HINTS: readonly (readonly [RegExp, Hint])[] = [
  [
    /'(strides|dilations)' does not exist in type '[^']*(kernel: number|OutputSize)/,
    ([, name]) => `it is called '${name.slice(0, -1)}'.`,
  ],
  [
    /(?:number|any)\[\](?:\[\])*' is (?:not assignable to (?:parameter of type|type)|missing the following properties from type) '(?:import\([^)]*\)\.)?NDArray'/,
    () =>
      'rows of numbers become an NDArray by ndarray(rows), and an image [1, height, width, 1] by imageFromRows(rows).',
  ],
  [
    /'Promise<.*>'|Promise<.*>' is not assignable|does not exist on type 'Promise</,
    () => "this is a promise: put 'await' before the call that makes it.",
  ],
  [
    /Cannot find name '(document|window|location|navigator|(?:local|session)Storage|alert|confirm|prompt|requestAnimationFrame|XMLHttpRequest|HTML\w*Element)'/,
    ([, name]) =>
      `a notebook runs in Node, which has no '${name}' of a browser's page. If it is a name of your own, run the cells above, in order.`,
  ],
  [
    /Cannot find name '(\w+)'/,
    ([, name]) =>
      isExported(name)
        ? `import { ${name} } from 'convlab';`
        : `'${name}' is declared by no cell that has run to its end. Run the cells above, in order.`,
  ],
  [
    /Cannot find module '([^']+)'/,
    ([, name]) => `no package '${name}' is installed here, and no file of that name is beside the notebook.`,
  ],
  [/Cannot assign to '(\w+)' because it is a constant/, ([, name]) => `declare it with let: let ${name} = …`],
  [
    /^Top-level '(?:for )?await'/,
    () => 'outside of functions only a cell may await: export an async function, and await it in a cell.',
  ],
  [
    /^(__filename|module) is not defined$/,
    ([, name]) => `a cell is no file, so it has no ${name}; __dirname is the notebook's folder.`,
  ],
  [/possibly 'undefined'/, () => 'check that it is there first, or say what to take instead: value ?? 0.'],
];

/** Whether convlab, resolved from the notebook's folder, exports this name. */
function isExported(name: string): boolean {
  try {
    return name in (createRequire(join(process.cwd(), 'cell.js'))('convlab') as object);
  } catch {
    return false;
  }
}

/** The first hint that fits. */
export function hintFor({ message }: Pick<Diagnostic, 'message'>, source: string): string | undefined {
  for (const [pattern, hint] of HINTS) {
    const match = pattern.exec(message);
    const text = match && hint(match, source);
    if (text) return text;
  }
  return undefined;
}
