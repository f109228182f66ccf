// @ts-check
'use strict';
/** The command that starts the kernel: for the kernelspec that front ends read, and for the runner. */
const { join } = require('node:path');

/**
 * @param {string} connectionFile
 * @param {'typescript' | 'javascript'} language
 * @returns {string[]}
 */
exports.kernelArgv = (connectionFile, language) => [
  process.execPath,
  // For young objects, as Node 20 has it; later ones take twice as much, and a kernel 100 MB more.
  '--max-semi-space-size=16',
  join(__dirname, 'launch.js'),
  connectionFile,
  ...(language === 'javascript' ? ['--js'] : []),
];
