/** Search, by section: Pagefind's index, loaded at the first search. It is read over HTTP only, not from a file. */
import { respelt } from './spelling';

interface Found {
  readonly url: string;
  readonly title: string;
  readonly excerpt: string;
}

interface Pagefind {
  search(words: string): Promise<{ readonly results: readonly { data(): Promise<PageFound> }[] }>;
}

interface PageFound {
  readonly url: string;
  readonly excerpt: string;
  /** Of a term of the glossary, its name and what it means too. */
  readonly meta: { readonly title: string; readonly term?: string; readonly text?: string };
  readonly sub_results: readonly Found[];
}

/** Pages, and sections of a page. */
const MOST = { pages: 8, sections: 3 } as const;

export function startSearch(): void {
  const dialog = document.querySelector<HTMLDialogElement>('dialog.search');
  const input = dialog?.querySelector('input');
  if (!dialog || !input) return;
  const open = (): void => {
    dialog.showModal();
    input.select();
  };
  document.querySelector('.search-open')?.addEventListener('click', open);
  addEventListener('keydown', (event) => {
    const [at] = event.composedPath();
    const isTyping = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement;
    if (event.key !== '/' || isTyping || dialog.open || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  // Enter goes to the first result instead of closing the dialog.
  dialog.querySelector('form')?.addEventListener('submit', (event) => {
    if (event.submitter !== null && document.activeElement !== input) return;
    event.preventDefault();
    dialog.querySelector<HTMLAnchorElement>('.search-results a')?.click();
  });
  // A result on this page closes the dialog above it.
  dialog.querySelector('.search-results')?.addEventListener('click', () => dialog.close());
  input.addEventListener('input', () => void search(dialog, input));
}

interface Index {
  readonly pagefind: Pagefind;
  readonly words: readonly string[];
}

let index: Promise<Index> | undefined;

async function loadIndex(): Promise<Index> {
  const [pagefind, words] = await Promise.all([
    import(new URL('pagefind/pagefind.js', document.baseURI).href) as Promise<Pagefind>,
    fetch('assets/words.txt'),
  ]);
  if (!words.ok) throw new Error(`assets/words.txt: ${words.status}`);
  return { pagefind, words: (await words.text()).split('\n') };
}

async function search(dialog: HTMLDialogElement, input: HTMLInputElement): Promise<void> {
  const status = dialog.querySelector('.search-status') as HTMLElement;
  const list = dialog.querySelector('.search-results') as HTMLElement;
  const show = (text: string, pages: readonly PageFound[] = []): void => {
    status.textContent = text;
    list.replaceChildren(...pages.map(pageItem));
  };
  const typed = input.value;
  if (location.protocol === 'file:') {
    show('The search needs the site on a web server: npm run site -- --serve.');
    return;
  }
  if (typed.trim() === '') {
    show('');
    return;
  }
  // What was found is shown only if nothing else has been typed meanwhile.
  const isOld = (): boolean => input.value !== typed;
  try {
    index ??= loadIndex();
    const [{ pagefind, words }] = await Promise.all([index, pause()]);
    if (isOld()) return;
    const meant = respelt(typed, words);
    const results = meant === undefined ? [] : (await pagefind.search(meant)).results;
    const pages = await Promise.all(results.slice(0, MOST.pages).map((result) => result.data()));
    if (isOld()) return;
    const count = results.length;
    const places = `${count} place${count > 1 ? 's' : ''}`;
    const found = meant === typed ? `Found in ${places}.` : `Found “${meant}” in ${places}.`;
    show(count === 0 ? `Nothing found for “${typed}”.` : found, pages);
  } catch (error) {
    index = undefined;
    show(`The search does not work here: ${String(error)}`);
  }
}

/** So that not every letter of a word is looked for. */
function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 200));
}

function pageItem({ url, meta, excerpt, sub_results: sections }: PageFound): HTMLElement {
  const item = document.createElement('li');
  const title = document.createElement('p');
  title.className = 'search-page';
  title.textContent = meta.title;
  item.append(title);
  const { term, text: meaning } = meta;
  const shown =
    term === undefined && sections.length > 0
      ? sections.slice(0, MOST.sections)
      : [{ url, title: term ?? meta.title, excerpt }];
  for (const section of shown) {
    const link = document.createElement('a');
    link.href = section.url;
    const name = document.createElement('span');
    name.textContent = section.title;
    const text = document.createElement('small');
    // Pagefind marks the words found and escapes the rest.
    if (meaning === undefined) text.innerHTML = section.excerpt;
    else text.textContent = meaning;
    link.append(name, text);
    item.append(link);
  }
  return item;
}
