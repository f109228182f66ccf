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
  // The space for young objects, at Node 20's default: later versions double it, which costs a kernel 100 MB.
  '--max-semi-space-size=16',
  join(__dirname, 'launch.js'),
  connectionFile,
  ...(language === 'javascript' ? ['--js'] : []),
];
