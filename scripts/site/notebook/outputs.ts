/**
 * The stored outputs of a cell as parts of a page.
 *
 * - A figure is its stored SVG. Its Plotly data is a script beside it, loaded when the figure comes into view (a script
 *   and not JSON, because a page that was opened from a file may not fetch), with a chart's layout for a phone.
 * - A widget is its stored HTML, with the one change that its script stands in a file, loaded like a figure's data: the
 *   same script belongs to every widget of its kind, and draws all of them.
 * - A widget with much data is loaded as a whole.
 */
import type { DisplayOutput, Output } from '../../notebooks/result';
import type { Files } from '../files';
import { escapeHtml } from '../html';
import { narrowChart } from './narrow';

export interface OutputPlace {
  readonly files: Files;
  /** Folder and beginning of the files' names: `figures/01-convolution/stepper`. */
  readonly base: string;
}

/** More characters than this are not in the page but loaded when they come into view. */
const LARGE = 60_000;

export function outputsHtml(outputs: readonly Output[], place: OutputPlace): string {
  return outputs
    .map((output, i) => {
      const own = { ...place, base: outputs.length > 1 ? `${place.base}-${i + 1}` : place.base };
      if (output.output_type === 'stream') return stream(output.name ?? 'stdout', output.text);
      if (output.output_type === 'error') return stream('stderr', `${output.ename}: ${output.evalue}`);
      return display(output, own);
    })
    .join('\n');
}

function stream(name: string, text: string): string {
  const label = name === 'stderr' ? 'Warnings' : 'Printed by the code';
  const shown = escapeHtml(text.replace(/\n$/, ''));
  return `<pre class="printed ${name}" tabindex="0" aria-label="${label}">${shown}</pre>`;
}

function display({ data }: DisplayOutput, place: OutputPlace): string {
  const text = (type: string): string | undefined =>
    typeof data[type] === 'string' ? data[type] : undefined;
  const [html, svg, plain] = [text('text/html'), text('image/svg+xml'), text('text/plain') ?? ''];
  if (html !== undefined) return widget(html, plain, place);
  if (svg !== undefined) return figure(svg, data['application/vnd.plotly.v1+json'], plain, place);
  return stream('stdout', plain);
}

function figure(svg: string, plotly: unknown, description: string, { files, base }: OutputPlace): string {
  const picture = files.add(`${base}.svg`, svg);
  const [width, height] = ['width', 'height'].map((name) =>
    Number(new RegExp(`<svg[^>]* ${name}="(\\d+(?:\\.\\d+)?)"`).exec(svg)?.[1] ?? 0),
  );
  const data = plotly === undefined ? '' : alive(plotly, { files, base });
  const image = `<img src="${picture}" width="${Math.round(width)}" height="${Math.round(height)}" loading="lazy" alt="${escapeHtml(description)}">`;
  return `<figure class="figure"${data}>${image}</figure>`;
}

/** The attributes of a figure whose data stands beside it. */
function alive(plotly: unknown, { files, base }: OutputPlace): string {
  const narrow = narrowChart(plotly);
  const values = [base, plotly, ...(narrow ? [narrow] : [])].map((value) => JSON.stringify(value));
  const script = files.add(`${base}.js`, `convlabFigure(${values.join()})`);
  return ` data-figure="${script}"${narrow ? ' data-narrow' : ''}`;
}

const INLINE_SCRIPT = /<script>([^]*?)<\/script>/g;
/** Written for a notebook; on a page of the site it moves already. */
const RUN_THIS_CELL = /<p><em>[^<]*Run this cell in JupyterLab[^<]*<\/em><\/p>/g;

function widget(html: string, description: string, place: OutputPlace): string {
  const { files, base } = place;
  const own: string[] = [];
  const markup = html
    .replace(INLINE_SCRIPT, (_, script: string) => {
      own.push(files.addNamed('assets/widgets', script, '.js'));
      return '';
    })
    .replace(
      RUN_THIS_CELL,
      '<noscript><p><em>With scripts switched on, this can be used.</em></p></noscript>',
    )
    .trim();
  // What `check` says of an exercise has no script.
  if (own.length === 0) return `<div class="said">${markup}</div>`;
  if (markup.length <= LARGE) return `<div class="live" data-scripts="${own.join(' ')}">${markup}</div>`;
  const data = files.add(
    `${base}.js`,
    `convlabWidget(${JSON.stringify(base)},${JSON.stringify(markup)},${JSON.stringify(own)})`,
  );
  const still = /<p><img [^>]*><\/p>/.exec(markup)?.[0] ?? `<p>${escapeHtml(description)}</p>`;
  return `<div class="live" data-widget="${data}">${still}<noscript><p><em>With scripts switched on, this can be used.</em></p></noscript></div>`;
}
