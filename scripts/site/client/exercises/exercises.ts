/**
 * Exercises that are answered in the page: the cell becomes a field to write in, and its check runs in a worker that is
 * loaded at the first one. What was written is remembered.
 */
import { recall, remember } from '../remember';
import type { Printed, Verdict } from './run';
import type { Question, Reply } from './worker';

/** An answer that takes longer is stopped. */
const PATIENCE_S = 10;

export function startExercises(): void {
  // A page that was opened from a file has no workers: the cell stays as the notebook has it.
  if (location.protocol === 'file:') return;
  for (const cell of document.querySelectorAll<HTMLElement>('.cell[data-exercise]')) makeEditable(cell);
}

function makeEditable(cell: HTMLElement): void {
  const id = cell.dataset.exercise ?? '';
  const source = cell.querySelector('.source');
  const stub = source?.textContent ?? '';
  const key = `convlab-answer-${id}`;
  const editor = element('div', 'answer');
  const label = element('label', 'answer-title', `Your answer to exercise ${id}`);
  const field = document.createElement('textarea');
  field.id = `answer-${id}`;
  field.spellcheck = false;
  field.autocapitalize = 'off';
  field.wrap = 'off';
  label.htmlFor = field.id;
  const fit = (): void => void (field.rows = field.value.split('\n').length + 1);
  const write = (text: string): void => {
    field.value = text;
    fit();
  };
  write(recall(key) ?? stub);
  const run = button('Check', 'answer-check');
  const reset = button('Start again', 'answer-reset');
  const note = element('span', 'answer-note', 'Runs in this page. Types are not checked here.');
  const row = element('p', 'answer-row');
  row.append(run, reset, note);
  const result = element('div', 'answer-result');
  result.setAttribute('role', 'status');
  editor.append(label, field, row, result);
  field.addEventListener('input', () => {
    fit();
    remember(key, field.value === stub ? null : field.value);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    if (event.ctrlKey || event.metaKey) run.click();
    else indent(field);
    event.preventDefault();
  });
  run.addEventListener('click', () => {
    run.disabled = true;
    result.replaceChildren(element('p', '', 'It runs …'));
    checkAnswer({ source: field.value, definitions: cell.dataset.definitions ?? '' })
      .then((shown) => result.replaceChildren(...shown))
      .catch((error: unknown) => result.replaceChildren(failure(String(error))))
      .finally(() => (run.disabled = false));
  });
  reset.addEventListener('click', () => {
    write(stub);
    remember(key, null);
    result.replaceChildren();
  });
  // Instead of the cell, and of what its check said when the notebook was run.
  cell.replaceChildren(editor);
}

/** A new line that begins below the one before, a step further after an opening bracket. */
function indent(field: HTMLTextAreaElement): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const line = value.slice(value.lastIndexOf('\n', from - 1) + 1, from);
  const space = /^ */.exec(line)?.[0] ?? '';
  field.setRangeText(`\n${space}${/[{([]\s*$/.test(line) ? '  ' : ''}`, from, to, 'end');
  field.dispatchEvent(new Event('input'));
}

async function checkAnswer(question: Question): Promise<HTMLElement[]> {
  const worker = new Worker(new URL('assets/exercises.js', document.baseURI));
  let timer = 0;
  try {
    const reply = await new Promise<Extract<Reply, { kind: 'done' }> | undefined>((done, fail) => {
      worker.onerror = () => fail(new Error('The check cannot be loaded.'));
      worker.onmessage = ({ data }: MessageEvent<Reply>) => {
        if (data.kind === 'done') done(data);
        else timer = window.setTimeout(() => done(undefined), 1000 * PATIENCE_S);
      };
      worker.postMessage(question);
    });
    if (reply === undefined)
      return [failure(`Stopped after ${PATIENCE_S} s: is there a loop, or an await, that never ends?`)];
    const said = reply.verdict ? verdict(reply.verdict) : failure(reply.error ?? '');
    return [...together(reply.printed).map(shown), said];
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

/** Lines that follow each other as one text. */
function together(printed: readonly Printed[]): Printed[] {
  const parts: Printed[] = [];
  for (const one of printed) {
    const last = parts.at(-1);
    if (typeof one === 'string' && typeof last === 'string') parts.splice(-1, 1, `${last}\n${one}`);
    else parts.push(one);
  }
  return parts;
}

function shown(printed: Printed): HTMLElement {
  if (typeof printed === 'string') return element('pre', 'printed', printed);
  const picture = element('img');
  picture.src = `data:image/svg+xml,${encodeURIComponent(printed.svg)}`;
  picture.alt = printed.description;
  return picture;
}

const MARKS = { passed: '✓', wrong: '✗', 'not written': '○' } as const;

function verdict({ id, title, state, message }: Verdict): HTMLElement {
  const said = element('div', 'verdict');
  said.dataset.state = state;
  const text = element('p');
  // Names stand between backticks.
  message.split('`').forEach((part, i) => text.append(i % 2 === 1 ? element('code', '', part) : part));
  said.append(element('b', '', `${MARKS[state]} ${id} ${title}`), text);
  return said;
}

function failure(reason: string): HTMLElement {
  const said = element('div', 'verdict');
  said.dataset.state = 'wrong';
  said.append(element('b', '', '✗ It does not run'), element('p', '', reason));
  return said;
}

function button(text: string, className: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = text;
  return made;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.textContent = text;
  return made;
}
