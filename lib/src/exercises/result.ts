/** What `check` returns: plain data for a script, and a line with a coloured edge in a notebook. */

export interface CheckedCase {
  /** What was tried, or the name of the value. */
  readonly name: string;
  readonly passed: boolean;
  /** What the function was called with, to call it again and look. */
  readonly args?: readonly unknown[];
  /** What it should have returned. */
  readonly expected?: unknown;
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly state: 'passed' | 'wrong' | 'not written';
  /** What was tried, or what is wrong, in whole sentences. */
  readonly message: string;
  /** The part of the message that a classic mistake explains; undefined when none that is known does. */
  readonly hint?: string;
  readonly cases: readonly CheckedCase[];
}

/** A convention of notebook kernels: a cell's last expression that has such a method shows what it returns. */
const DISPLAY = Symbol.for('Jupyter.display');

/** Edges that stand out on white and on black; the text keeps the page's own colour. */
const edges = { passed: '#2da44e', wrong: '#d4720b', 'not written': '#8c959f' } as const;
const marks = { passed: '✓', wrong: '✗', 'not written': '○' } as const;

export function showsItself(result: CheckResult): CheckResult {
  return { ...result, [DISPLAY]: display } as CheckResult;
}

function display(this: CheckResult): Readonly<Record<string, string>> {
  const heading = `${marks[this.state]} ${this.id} ${this.title}`;
  return {
    'text/html':
      `<div style="border-left: 4px solid ${edges[this.state]}; padding: 2px 0 2px 12px">` +
      `<b>${escaped(heading)}</b><br>${withCode(escaped(this.message))}</div>`,
    'text/plain': `${heading}\n${this.message}`,
  };
}

/** Names between backticks as code. */
function withCode(text: string): string {
  return text.replace(/`([^`\n]+)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
