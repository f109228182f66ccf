/** Which sections are done, and where on the page one is. */
import { recallNames, rememberNames, showRemembered } from './remember';

const keyOf = (notebook: string): string => `convlab-done-${notebook}`;

export function startProgress(): void {
  const reading = document.querySelector<HTMLElement>('.reading');
  if (reading?.dataset.notebook) trackSections(reading, reading.dataset.notebook);
  for (const item of document.querySelectorAll<HTMLElement>('[data-lesson]'))
    showRemembered(() => showLesson(item));
}

function trackSections(reading: HTMLElement, notebook: string): void {
  const sections = [...reading.querySelectorAll<HTMLElement>('section[data-section]')];
  const show = (): void => {
    const done = recallNames(keyOf(notebook));
    for (const section of sections) {
      const name = section.dataset.section ?? '';
      const isDone = done.has(name);
      reading
        .querySelector(`.contents a[data-section="${CSS.escape(name)}"]`)
        ?.classList.toggle('is-done', isDone);
      const button = section.querySelector<HTMLButtonElement>('.done button');
      if (!button) continue;
      button.hidden = false;
      button.setAttribute('aria-pressed', String(isDone));
      button.textContent = isDone ? 'Done' : 'Mark this section as done';
    }
    const count = sections.filter(({ dataset }) => done.has(dataset.section ?? '')).length;
    const progress = reading.querySelector<HTMLElement>('.progress');
    if (progress) {
      progress.hidden = count === 0;
      progress.textContent = `${count} of ${sections.length} sections done`;
    }
  };
  for (const section of sections) {
    const name = section.dataset.section ?? '';
    section.querySelector('.done button')?.addEventListener('click', () => {
      const done = recallNames(keyOf(notebook));
      if (!done.delete(name)) done.add(name);
      rememberNames(keyOf(notebook), done);
      show();
    });
  }
  showRemembered(show);
  followPlace(reading, sections);
}

/** Marks in the contents the section at the upper third of the window. */
function followPlace(reading: HTMLElement, sections: readonly HTMLElement[]): void {
  const mark = (): void => {
    const line = innerHeight / 3;
    const at = sections.filter((section) => section.getBoundingClientRect().top <= line).at(-1);
    for (const link of reading.querySelectorAll<HTMLElement>('.contents a')) {
      if (link.dataset.section === at?.dataset.section) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
  };
  mark();
  addEventListener('scroll', () => requestAnimationFrame(mark), { passive: true });
  const contents = reading.querySelector<HTMLDetailsElement>('.contents details');
  const narrow = matchMedia('(max-width: 1079px)');
  const fold = (): void => {
    if (contents) contents.open = !narrow.matches;
  };
  fold();
  narrow.addEventListener('change', fold);
}

/** On the path of the front page: how much of a notebook is done. */
function showLesson(item: HTMLElement): void {
  const sections = (item.dataset.sections ?? '').split(' ').filter(Boolean);
  const done = recallNames(keyOf(item.dataset.lesson ?? ''));
  const count = sections.filter((name) => done.has(name)).length;
  const label = item.querySelector<HTMLElement>('.lesson-done');
  if (!label) return;
  label.hidden = count === 0;
  label.textContent = count === sections.length ? 'done' : `${count} of ${sections.length} done`;
  item.style.setProperty('--done', String(count / sections.length));
}
