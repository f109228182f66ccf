/**
 * The frame of all widgets: from a widget's module and its data to what a notebook stores.
 *
 * A widget has two halves.
 *
 * - `page/NAME.ts` runs in the reader's browser: an ES module in anywidget's portable form,
 *   `export default { render({ model, el }) }`, where `model.get('name')` gives the data's fields, tensors as NDArray.
 *   It may import `page/kit/`, `ops/`, `shape.ts` and whatever else needs neither Node nor TensorFlow. `npm run build`
 *   bundles every such file (esbuild) to `dist/widgets/page/NAME.mjs`, the module itself, and `NAME.inline.js`, a
 *   script that finds the widget's element in a page and renders into it.
 * - `NAME.ts` in this folder runs in the kernel: the public function. It checks its arguments and returns
 *   {@link widget}`('NAME', data, { description, picture })`, an object that shows itself at the end of a cell.
 *
 * What is stored, in one MIME bundle:
 *
 * - `text/html`: an element that holds the data as JSON and the still picture, and the inline script. The script draws
 *   into a shadow root, which hides what the element holds, so that nothing of it is seen twice and the styles of the
 *   page and of the widget do not meet. No address is fetched. Where scripts do not run (a notebook that JupyterLab
 *   does not trust yet, a code host), the still picture is what one sees.
 * - `image/svg+xml`, the still picture, and `text/plain`, the description.
 *
 * The same data and code give the same bytes: nothing is random and nothing depends on time. Scripts of the same widget
 * share one id, a hash of the code; each draws all elements with this id that are not drawn yet. That works wherever
 * the script is run from (VS Code moves it) and for any number of widgets on a page.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkBuilt } from '../built';
import { toJson } from './tensors';

/** The build's, also when this file runs from source, as in tests. */
const folder = join(__dirname, __filename.endsWith('.ts') ? '../../dist/widgets/page' : 'page');

/** A convention of notebook kernels, Deno's first: a cell's last expression that has such a method shows what it returns. */
const DISPLAY = Symbol.for('Jupyter.display');

/** An interactive figure. As the last expression of a cell it shows itself. */
export interface Widget {
  /** Which one: the name of its module. */
  readonly widget: string;
  /** What it was made of; tensors as NDArray. */
  readonly data: Readonly<Record<string, unknown>>;
  /** One line: what it shows. Shown instead of the widget where there is neither script nor picture. */
  readonly description: string;
}

/** What is seen where scripts do not run: a picture, or HTML without what JupyterLab removes (scripts, styles). */
export type Still = { readonly description: string } & (
  { /** An SVG, drawn when it is needed. */ readonly picture: () => string } | { readonly html: string }
);

/**
 * @param name of its module, `page/NAME.ts`
 * @param data what `model.get` gives in the page: plain data and NDArrays
 */
export function widget(name: string, data: Readonly<Record<string, unknown>>, still: Still): Widget {
  const { description } = still;
  const bundle = (): Readonly<Record<string, string>> => {
    if ('html' in still) return { 'text/html': page(name, data, still.html), 'text/plain': description };
    const picture = still.picture();
    return {
      'text/html': page(name, data, stillPicture(picture, description)),
      'image/svg+xml': picture,
      'text/plain': description,
    };
  };
  return { widget: name, data, description, [DISPLAY]: bundle } as Widget;
}

function page(name: string, data: Readonly<Record<string, unknown>>, still: string): string {
  const script = readScript(name);
  const id = `${name}-${createHash('sha256').update(script).digest('hex').slice(0, 12)}`;
  // `<` could only end the element that contains the JSON.
  const json = toJson(data).replaceAll('<', '\\u003c');
  return [
    // JupyterLab's keys (a new cell, delete a cell, …) are not meant while one works with a widget.
    `<div data-convlab-widget="${id}" data-lm-suppress-shortcuts="true">`,
    `<script type="application/json">${json}</script>`,
    still,
    '</div>',
    `<script>(()=>{${script.trim()}start.default("${id}")})()</script>`,
    '',
  ].join('\n');
}

/** The bundled script of a widget; it defines `start.default(id)`. */
function readScript(name: string): string {
  checkBuilt();
  return readFileSync(join(folder, `${name}.inline.js`), 'utf8');
}

function stillPicture(svg: string, description: string): string {
  // Shorter than base64. Attributes of an SVG may stand in either kind of quotes.
  const address = svg.replaceAll('"', "'").replace(/[%#<>&\s]/g, encodeURIComponent);
  return [
    `<p><img alt="${escapeHtml(description)}" src="data:image/svg+xml,${address}"></p>`,
    '<p><em>A still picture. Run this cell in JupyterLab or VS Code to make it move.</em></p>',
  ].join('\n');
}

/** Text escaped for HTML, between tags and in attributes. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => names[character]);
}
