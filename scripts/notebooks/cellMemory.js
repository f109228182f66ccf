// @ts-check
'use strict';
/** The file that keeps, for one notebook, what the compiler said of its cells and on which files that rests. */
const { readFileSync, statSync } = require('node:fs');
const { writeCache } = require('../cache.js');
const { holds } = require('./observations.js');

/**
 * @typedef {import('./observations.js').Trace} Trace
 * @typedef {{
 *   readonly identity: string, readonly trace: Trace, readonly whole: boolean,
 *   readonly known: readonly (readonly [key: string, result: object])[],
 * }} Stored
 */

exports.CellMemory = class {
  /** From the file. @type {ReadonlyMap<string, object>} */
  #known = new Map();
  /** What `#known` rests on. @type {Trace} */
  #trace = [];
  /** The part of it outside of packages. @type {Trace} */
  #own = [];
  /** Files and folders of packages. @type {readonly string[]} */
  #packages = [];
  /** When those had last changed, as of the last time that all was confirmed. @type {string | undefined} */
  #installed;
  /** Whether the compiler was needed for nothing else when this was stored. */
  #whole = false;
  /** What this process has used or found out. @type {Map<string, object>} */
  #current = new Map();
  #changed = false;

  /**
   * @param {string} file
   * @param {string} identity of the compiler: what another one has said does not count
   */
  constructor(file, identity) {
    this.file = file;
    this.identity = identity;
    try {
      const stored = /** @type {Stored} */ (JSON.parse(readFileSync(file, 'utf8')));
      if (stored.identity === identity) this.#take(stored);
    } catch {
      // The first time, or no file of ours.
    }
    this.confirm();
  }

  /**
   * Forgets what was stored if one of the files that it rests on has changed, come or gone. Asked before every cell, because
   * a cell may write a file that the next one imports: then about the files of the project itself, and about those of
   * packages only if the system says that one of them has changed.
   */
  confirm() {
    const installed = timesOf(this.#packages);
    if (holds(installed === this.#installed ? this.#own : this.#trace)) {
      this.#installed = installed;
    } else {
      this.#take({ trace: [], whole: false, known: [] });
      // What was taken from there must not be stored again, as resting on other files.
      this.#current.clear();
    }
  }

  /** Whether all keys that start so are known and the compiler can stay unloaded. @param {readonly string[]} starts */
  covers(starts) {
    const known = new Set([...this.#known.keys()].map((key) => key.split(' ')[0]));
    return this.#whole && starts.every((start) => known.has(start));
  }

  /** @param {string} key @returns {any} undefined if it is not known */
  get(key) {
    const result = this.#known.get(key);
    if (result) this.#current.set(key, result);
    return result;
  }

  /** @param {string} key @param {object} result plain data */
  set(key, result) {
    this.#current.set(key, result);
    this.#changed = true;
  }

  /**
   * Writes what is new, unless a file changed under the compiler. Of what was not used this time as much is kept as was used:
   * the notebook with other parameters, or before an edit that is taken back.
   * @param {import('./observations.js').Observations} observations of the compiler in this process
   * @param {boolean} whole whether the compiler was needed for nothing that is not in here
   */
  store(observations, whole) {
    if (!observations.steady || (!this.#changed && whole === this.#whole)) return;
    const trace = new Map(this.#trace);
    for (const [question, answer] of observations.trace) {
      if ((trace.get(question) ?? answer) !== answer) return;
      trace.set(question, answer);
    }
    const unused = [...this.#known].filter(([key]) => !this.#current.has(key));
    const known = [...unused.slice(-this.#current.size), ...this.#current];
    /** @type {Stored} */
    const stored = { identity: this.identity, trace: [...trace], whole, known };
    writeCache(this.file, JSON.stringify(stored));
  }

  /** @param {Omit<Stored, 'identity'>} stored */
  #take({ trace, whole, known }) {
    this.#known = new Map(known);
    this.#whole = whole;
    this.#trace = trace;
    this.#own = trace.filter(([question]) => !question.includes('/node_modules/'));
    const inPackages = trace.filter(([question]) => /\/node_modules(\/|$)/.test(question));
    // A file that comes or goes changes its folder; `kind` and `text` have four letters.
    this.#packages = inPackages
      .filter(([question, answer]) => answer === 'directory' || question.startsWith('text '))
      .map(([question]) => question.slice('text '.length));
    this.#installed = undefined;
  }
};

/** @param {readonly string[]} folders */
function timesOf(folders) {
  return folders.map((folder) => statSync(folder, { throwIfNoEntry: false })?.ctimeMs).join(' ');
}
