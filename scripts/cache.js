// @ts-check
'use strict';
/** Files that only save time: without one, or with a damaged one, the work is done again. */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');

/** @param {string} text */
const checksum = (text) => createHash('sha256').update(text).digest('hex');

/**
 * What {@link writeCache} stored; undefined if there is nothing, or something else than it wrote.
 * @param {string} file
 */
exports.readCache = function (file) {
  try {
    const stored = readFileSync(file, 'utf8');
    const end = stored.indexOf('\n');
    const text = stored.slice(end + 1);
    return stored.slice(0, end) === checksum(text) ? text : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Writes in one step, so that another process reads all of it or nothing; gives up in a folder that cannot be written
 * to or on a full disk.
 * @param {string} file @param {string} text
 */
exports.writeCache = function (file, text) {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, `${checksum(text)}\n${text}`);
    renameSync(temporary, file);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // There is a file in place of the folder: nothing was written.
    }
  }
};
