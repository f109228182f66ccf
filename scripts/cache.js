// @ts-check
'use strict';
/** Files that only save time: without one, the work is done again. */
const { mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');

/**
 * Writes in one step, so that another process reads all of it or nothing; gives up in a folder that cannot be written
 * to or on a full disk.
 * @param {string} file @param {string | Buffer} data
 */
exports.writeCache = function (file, data) {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, data);
    renameSync(temporary, file);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // There is a file in place of the folder: nothing was written.
    }
  }
};
