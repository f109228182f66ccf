/** Runs code of a notebook's cells in this process: the teacher's own, never what was handed in. */
import { createRequire } from 'node:module';
import ts from 'typescript';

const AsyncFunction = (async () => {}).constructor as new (
  ...parameters: string[]
) => (...args: unknown[]) => Promise<unknown>;

/**
 * The code as one module, which may await; its types are not checked.
 *
 * @param given functions in the place of convlab's, there also for code whose cell does not import them
 * @throws whatever the code throws
 */
export async function runCode(
  code: string,
  given: Readonly<Record<string, (...args: never[]) => unknown>>,
): Promise<unknown> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    },
  });
  const require = createRequire(__filename);
  const load = (name: string): unknown =>
    name === 'convlab' ? { ...(require(name) as object), ...given } : require(name);
  const names = Object.keys(given);
  const module = new AsyncFunction('require', 'exports', ...names, outputText);
  return module(load, {}, ...Object.values(given));
}
