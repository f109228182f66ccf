/**
 * A page in one file, without scripts and with nothing loaded from elsewhere. The policy in its head makes the browser
 * hold it to that, whatever a notebook may have printed.
 */
import { element, Markup, type Child } from '../markup';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export function htmlDocument(title: string, css: string, ...body: readonly Child[]): string {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('title', {}, title),
    element('style', {}, new Markup(css)),
  );
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, element('body', {}, body)).text}\n`;
}
