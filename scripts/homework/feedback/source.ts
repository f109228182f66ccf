/** Code with line numbers. */
import { element, type Markup } from '../../notebooks/report/markup';
import { plain } from '../../notebooks/report/text';

export function codeBlock(source: string): Markup {
  const lines = plain(source).trimEnd().split('\n');
  return element(
    'pre',
    { class: 'source' },
    // A blank, so that an empty line has its height.
    lines.map((line) => element('span', { class: 'line' }, line, ' ')),
  );
}
