/**
 * A cell's outputs as they can be shown in a page without scripts: figures as pictures (an SVG inside `<img>` runs
 * nothing and loads nothing), HTML in a frame without any rights, everything else as text.
 */
import { resolveTerminal } from '../../compare';
import type { MimeBundle, Output } from '../../result';
import { shownBytes } from '../../bytes';
import { clip, plain } from '../text';
import type { Markup } from './template';
import { html } from './template';

/** Beyond these sizes an output is named but not shown, so that the report can still be opened. */
const maxText = 20_000;
const maxPicture = 3_000_000;

export function outputList(outputs: readonly Output[]): Markup[] {
  return joinStreams(outputs).map((output) => {
    switch (output.output_type) {
      case 'stream':
        return html`<pre class="out ${output.name}">
${shortened(plain(resolveTerminal(output.text)).trimEnd())}</pre>`;
      case 'error':
        return html`<pre class="out stderr">
${shortened(plain(output.traceback.join('\n') || `${output.ename}: ${output.evalue}`))}</pre>`;
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

function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined[joined.length - 1];
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name)
      joined[joined.length - 1] = { ...last, text: last.text + output.text };
    else joined.push(output);
  }
  return joined;
}

/** The richest form that a page without scripts can show. */
function bundle(data: MimeBundle): Markup {
  const text = (type: string) => (typeof data[type] === 'string' ? data[type] : undefined);
  const description = clip(plain(text('text/plain') ?? ''), 300);
  const svg = text('image/svg+xml');
  if (svg !== undefined) return picture('image/svg+xml', Buffer.from(svg).toString('base64'), description);
  for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp']) {
    const base64 = text(type);
    if (base64 !== undefined) return picture(type, base64.replace(/[^A-Za-z0-9+/=]/g, ''), description);
  }
  const markup = text('text/html');
  if (markup !== undefined && markup.length <= maxText * 10)
    return html`<iframe
      class="out"
      sandbox=""
      loading="lazy"
      title="HTML output"
      srcdoc="${markup}"
    ></iframe>`;
  const type =
    ['text/markdown', 'text/latex', 'text/plain'].find((name) => name in data) ?? Object.keys(data)[0];
  if (type === undefined) return html``;
  const value = data[type];
  const written = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  return html`<pre class="out">${shortened(plain(written))}</pre>`;
}

function picture(type: string, base64: string, description: string): Markup {
  if (base64.length > maxPicture)
    return html`<p class="out note">
      ${type}, ${shownBytes(base64.length * 0.75)}: too large for this page, see the notebook
    </p>`;
  return html`<img class="out" loading="lazy" alt="${description}" src="data:${type};base64,${base64}" />`;
}

function shortened(text: string): string {
  return text.length <= maxText
    ? text
    : `${text.slice(0, maxText)}\n… ${text.length - maxText} more characters`;
}
