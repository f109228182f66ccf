// @ts-check
'use strict';
/**
 * What a compiler asked of the file system, and what it was told: as long as the same questions have the same answers, it
 * would say the same again. Failed lookups are questions like all others, so a file that appears counts as one that
 * changes. https://dl.acm.org/doi/10.1145/3236774 names such a list a verifying trace.
 */
const { createHash } = require('node:crypto');
const { readdirSync, readFileSync, realpathSync, statSync } = require('node:fs');

/**
 * @typedef {Record<string, unknown>} System TypeScript's `sys`
 * @typedef {readonly (readonly [question: string, answer: string])[]} Trace
 */

/** Milliseconds since 1970. Of this process, so that a file that a cell has written is known as one. */
const STARTED = Date.now() - process.uptime() * 1000;

/** @param {string} path */
const stat = (path) => statSync(path, { throwIfNoEntry: false });

/** How each question is answered, in a few characters. @type {Readonly<Record<string, (path: string) => string>>} */
const ANSWERS = {
  kind: (path) => {
    const found = stat(path);
    return found?.isFile() ? 'file' : found?.isDirectory() ? 'directory' : '';
  },
  text: (path) => createHash('sha256').update(readFileSync(path)).digest('base64'),
  names: (path) =>
    readdirSync(path, { withFileTypes: true })
      .map((entry) => `${entry.name}${entry.isFile() ? '' : '/'}`)
      .sort()
      .join('\n'),
  real: (path) => realpathSync.native(path),
};

/** The questions behind the methods of `sys` that look at files. */
const QUESTIONS = {
  fileExists: 'kind',
  directoryExists: 'kind',
  readFile: 'text',
  getDirectories: 'names',
  realpath: 'real',
};
/** Methods that look at files in a way that is not recorded here. TypeScript needs none of them for a cell. */
const OTHERS = ['readDirectory', 'getModifiedTime', 'getFileSize', 'getAccessibleSortedChildDirectories'];

/** @param {string} question */
function answer(question) {
  const space = question.indexOf(' ');
  try {
    return ANSWERS[question.slice(0, space)](question.slice(space + 1));
  } catch {
    return '';
  }
}

/** Whether all of it would be answered in the same way now. @param {Trace} trace */
exports.holds = function (trace) {
  return trace.every(([question, before]) => answer(question) === before);
};

exports.Observations = class {
  /** @type {Map<string, string>} */
  #answers = new Map();
  #steady = true;

  /** From now on notes what is asked of `sys`, which is changed in place. @param {System} sys */
  constructor(sys) {
    for (const [name, kind] of Object.entries(QUESTIONS)) {
      const ask = /** @type {(path: string, ...rest: unknown[]) => unknown} */ (sys[name]);
      sys[name] = (/** @type {string} */ path, /** @type {unknown[]} */ ...rest) => {
        // Before the compiler looks: if the file changes in between, the trace will not hold, which is safe.
        this.#note(kind, path);
        return ask.call(sys, path, ...rest);
      };
    }
    for (const name of OTHERS) {
      const ask = sys[name];
      if (typeof ask !== 'function') continue;
      sys[name] = (/** @type {unknown[]} */ ...all) => {
        this.#steady = false;
        return ask.apply(sys, all);
      };
    }
  }

  /** Whether everything that was asked about has stayed the same since this process started, as far as was seen. */
  get steady() {
    return this.#steady;
  }

  /** @returns {Trace} */
  get trace() {
    return [...this.#answers];
  }

  /** @param {string} kind @param {string} path */
  #note(kind, path) {
    const question = `${kind} ${path}`;
    const now = answer(question);
    const before = this.#answers.get(question);
    if (before === undefined) {
      this.#answers.set(question, now);
      if (now !== '' && kind !== 'real' && isNew(kind, path)) this.#steady = false;
    } else if (before !== now) {
      this.#steady = false;
    }
  }
};

/** Made, or if its content was asked for written to, since this process started. @param {string} kind @param {string} path */
function isNew(kind, path) {
  const found = stat(path);
  return found === undefined || (kind === 'kind' ? found.birthtimeMs : found.ctimeMs) > STARTED;
}
