/**
 * Predictions lock what follows: the block below opens when the question above it is answered, by the widget itself
 * (lib/src/widgets/page/kit/below.ts), and not by its own summary. What was opened once stays open.
 */
import { recallNames, rememberNames } from './remember';

export function startLocks(): void {
  const notebook = document.querySelector<HTMLElement>('.reading')?.dataset.notebook;
  if (notebook === undefined) return;
  const key = `convlab-answered-${notebook}`;
  const answered = recallNames(key);
  for (const lock of document.querySelectorAll<HTMLDetailsElement>('details.lock')) {
    const name = lock.dataset.lock ?? '';
    const unlock = (): void => {
      lock.classList.add('is-open');
      rememberNames(key, recallNames(key).add(name));
    };
    if (answered.has(name)) {
      lock.open = true;
      unlock();
      continue;
    }
    const summary = lock.querySelector('summary');
    summary?.addEventListener('click', (event) => {
      event.preventDefault();
      // To the question, which is in the cell above.
      lock.previousElementSibling?.scrollIntoView({ block: 'center' });
    });
    lock.addEventListener('toggle', () => {
      // What is open for paper only (below) has not been answered.
      if (lock.open && lock.dataset.printed === undefined) unlock();
    });
  }
  // On paper there is nobody to answer.
  addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')) {
      folded.dataset.printed = '';
      folded.open = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const folded of document.querySelectorAll<HTMLDetailsElement>('details[data-printed]')) {
      delete folded.dataset.printed;
      folded.open = false;
    }
  });
}
