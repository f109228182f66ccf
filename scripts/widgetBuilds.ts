/** How the widgets' modules are bundled for a page: each file of `lib/src/widgets/page` that is not a test. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PAGE_BUNDLE } from './pageBundle';
import { replaceFile } from './replaceFile';

/** Paths relative to lib/src, and their bundles' to lib/dist. */
export const WIDGET_SOURCES = 'widgets/page/';

/** The names of all widgets. */
export function widgetNames(root: string): string[] {
  return readdirSync(join(root, 'lib/src', WIDGET_SOURCES))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();
}

/** The files that a widget is bundled to, in this order: the ES module itself, and a script that starts it in a page. */
export function widgetBundles(root: string, name: string): readonly [module: string, inline: string] {
  const bundle = join(root, 'lib/dist', WIDGET_SOURCES, name);
  return [`${bundle}.mjs`, `${bundle}.inline.js`];
}

/** Bundles all widgets. esbuild writes its errors to this process' output. @returns false when it found some */
export async function bundleWidgets(root: string): Promise<boolean> {
  const folder = join(root, 'lib/src', WIDGET_SOURCES);
  mkdirSync(join(root, 'lib/dist', WIDGET_SOURCES), { recursive: true });
  try {
    for (const name of widgetNames(root)) {
      const inlineSource = `import widget from './${name}'; import { start } from './kit/host'; export default (id) => start(widget, id);`;
      const bundles = await Promise.all([
        build({ ...PAGE_BUNDLE, entryPoints: [join(folder, `${name}.ts`)], format: 'esm' }),
        build({
          ...PAGE_BUNDLE,
          stdin: { contents: inlineSource, resolveDir: folder },
          ...{ format: 'iife', globalName: 'start' },
        }),
      ]);
      widgetBundles(root, name).forEach((file, i) => replaceFile(file, bundles[i].outputFiles[0].text));
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'errors' in error) return false;
    throw error;
  }
}
