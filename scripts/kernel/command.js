// @ts-check
'use strict';
/** The command that starts the kernel, and where Jupyter looks for kernels: for its registration and for the runner. */
const { homedir } = require('node:os');
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

/** The folder in which Jupyter keeps a user's data. */
exports.userFolder = () => {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(APPDATA || homedir(), 'jupyter');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
};
