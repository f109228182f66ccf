/**
 * How `convlab/browser` is made: one module without imports, for any page and any bundler. The script of its worker, and in
 * that the kernels, are texts within it, so that no file has to be found at run time.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { PAGE_BUNDLE } from './pageBundle';
import { replaceFile } from './replaceFile';

const KERNELS = ['kernels.wasm', 'kernels-fast.wasm'];

/** The files that are made, relative to lib/dist: the module, the same for CommonJS, and the types of the first. */
export const BROWSER_FILES = ['browser.mjs', 'browser.cjs', 'browser.d.mts'];

/** What decides about them besides the sources. */
export const BROWSER_OPTIONS = JSON.stringify([PAGE_BUNDLE, KERNELS]);

/** What is needed of the machine is asked of `platform/node`; in a page it is another file of the same form. */
const inBrowser: Plugin = {
  name: 'platform of the browser',
  setup(bundle) {
    bundle.onResolve({ filter: /platform\/node$/ }, ({ resolveDir, path }) => ({
      path: join(resolveDir, path.replace(/node$/, 'browser.ts')),
    }));
  },
};

/** Bundles the browser build; the kernels have to be compiled. @returns false when esbuild found errors, which it writes */
export async function bundleForBrowser(root: string): Promise<boolean> {
  const [lib, dist] = [join(root, 'lib/src'), join(root, 'lib/dist')];
  // In base64 they would be a quarter larger once a server compresses the page: repeated bytes no longer look the same.
  const kernels = KERNELS.map((name) => [
    name,
    readFileSync(join(dist, 'engine/kernels', name)).toString('hex'),
  ]);
  const bundle = async (o: BuildOptions): Promise<string> =>
    (await build({ ...PAGE_BUNDLE, ...o, write: false })).outputFiles[0].text;
  try {
    const host = await bundle({
      entryPoints: [join(lib, 'browser/host.ts')],
      format: 'iife',
      plugins: [inBrowser],
      define: { CONVLAB_KERNELS: JSON.stringify(Object.fromEntries(kernels)) },
    });
    const page = {
      entryPoints: [join(lib, 'browser.ts')],
      plugins: [inBrowser],
      define: { CONVLAB_HOST: JSON.stringify(host), CONVLAB_KERNELS: '{}' },
    };
    replaceFile(join(dist, 'browser.mjs'), await bundle({ ...page, format: 'esm' }));
    replaceFile(join(dist, 'browser.cjs'), await bundle({ ...page, format: 'cjs' }));
    replaceFile(join(dist, 'browser.d.mts'), "export * from './browser.js';\n");
    return true;
  } catch (error) {
    if (error instanceof Error && 'errors' in error) return false;
    throw error;
  }
}
