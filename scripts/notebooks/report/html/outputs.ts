/**
 * A cell's outputs as they can be shown in a page without scripts: figures as pictures (an SVG inside `<img>` runs
 * nothing and loads nothing), HTML in a frame without any rights, everything else as text.
 */
import { shownBytes } from '../../bytes';
import { resolveTerminal } from '../../compare';
import type { MimeBundle, Output } from '../../result';
import { element, type Child, type Markup } from '../markup';
import { clip } from '../text';

/** Beyond these sizes an output is named but not shown, so that the report can still be opened. */
const MOST_TEXT = 20_000;
const MOST_HTML = 200_000;
const LARGEST_PICTURE = 3_000_000;

export function outputList(outputs: readonly Output[]): Child {
  return outputs.map((output) => {
    switch (output.output_type) {
      case 'stream':
        return text(resolveTerminal(output.text).trimEnd(), output.name);
      case 'error':
        return text(output.traceback.join('\n') || `${output.ename}: ${output.evalue}`, 'stderr');
      case 'display_data':
      case 'execute_result':
        return bundle(output.data);
    }
  });
}

/** Whether something other than text is among the outputs: worth showing side by side. */
export function hasPicture(outputs: readonly Output[]): boolean {
  return outputs.some(
    (output) => 'data' in output && Object.keys(output.data).some((type) => type.startsWith('image/')),
  );
}

/** The richest form that a page without scripts can show. */
function bundle(data: MimeBundle): Child {
  const string = (type: string) => (typeof data[type] === 'string' ? data[type] : undefined);
  const description = clip(string('text/plain') ?? '', 300);
  const svg = string('image/svg+xml');
  if (svg !== undefined) return picture('image/svg+xml', Buffer.from(svg).toString('base64'), description);
  for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp']) {
    const base64 = string(type);
    if (base64 !== undefined) return picture(type, base64.replace(/[^A-Za-z0-9+/=]/g, ''), description);
  }
  const srcdoc = string('text/html');
  if (srcdoc !== undefined && srcdoc.length <= MOST_HTML)
    return element('iframe', { class: 'out', sandbox: '', loading: 'lazy', title: 'HTML output', srcdoc });
  const readable = ['text/markdown', 'text/latex', 'text/plain'].find((type) => type in data);
  const value = data[readable ?? Object.keys(data)[0]];
  if (value === undefined) return undefined;
  return text(typeof value === 'string' ? value : JSON.stringify(value, null, 1));
}

function picture(type: string, base64: string, alt: string): Markup {
  const size = shownBytes(base64.length * 0.75);
  return base64.length > LARGEST_PICTURE
    ? element('p', { class: 'out note' }, `${type}, ${size}: too large for this page, see the notebook`)
    : element('img', { class: 'out', loading: 'lazy', alt, src: `data:${type};base64,${base64}` });
}

function text(whole: string, stream = ''): Markup {
  const more = whole.length - MOST_TEXT;
  const shown = more > 0 ? `${whole.slice(0, MOST_TEXT)}\n… ${more} more characters` : whole;
  return element('pre', { class: `out ${stream}`.trim() }, '\n', shown);
}
