/** The likeness report: pairs of solutions side by side, for a person to judge. */
import { htmlDocument } from '../../notebooks/report/html/document';
import { element, type Markup } from '../../notebooks/report/markup';
import { count } from '../../notebooks/report/text';
import { codeBlock } from '../feedback/source';
import { css } from '../feedback/style';
import type { LikePair, SharedCell } from './likeness';

/** Who has more to look at than this has found something that the whole class shares. */
const MOST = 50;

export function likenessPage(title: string, pairs: readonly LikePair[]): string {
  const more = pairs.length > MOST ? `, the first ${MOST} of them below` : '';
  const header = element(
    'header',
    {},
    element('h1', {}, `${title}: solutions that are alike`),
    element('p', {}, `${count(pairs.length, 'pair')}${more}`),
  );
  const main = element(
    'main',
    {},
    element(
      'p',
      {},
      'Each pair has cells that are the same but for names, types, comments, spacing and the order of statements; ' +
        'code that was handed out is left out. First come pairs that share much which few others have. This is no ' +
        'verdict: two people who think alike write the same, above all in short cells. Look at both, and ask.',
    ),
    pairs.slice(0, MOST).map(pairSection),
  );
  return htmlDocument(`${title} – alike`, css, header, main);
}

function pairSection({ students, cells }: LikePair): Markup {
  return element('section', {}, element('h2', {}, students.join(' and ')), cells.map(cellsBeside(students)));
}

function cellsBeside(students: readonly string[]) {
  return ({ id, sources, size, others }: SharedCell): Markup => {
    const rarity = others === 0 ? 'nobody else has it' : `${count(others, 'other student')} too`;
    return element(
      'div',
      {},
      element('p', { class: 'facts' }, `${id}: ${size} nodes of the syntax tree, ${rarity}`),
      element(
        'div',
        { class: 'pair' },
        sources.map((source, i) =>
          element('div', {}, element('p', { class: 'who' }, students[i]), codeBlock(source)),
        ),
      ),
    );
  };
}
