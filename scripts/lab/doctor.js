// @ts-check
'use strict';
/**
 * `npm run doctor`: says what of the project works on this machine and, of what does not, the command that fixes it.
 * Exit code 0: all that the course needs works; 1: something is missing.
 *
 * This part is plain JavaScript, for without the project's packages there is no TypeScript.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
for (const name of ['typescript', 'ts-node', 'zeromq', 'convlab']) {
  if (existsSync(join(root, 'node_modules', name, 'package.json'))) continue;
  console.error(`The project's packages are not installed (${name} is missing). To fix it: npm ci`);
  process.exit(1);
}
require('../typescript.js');
void require('./examine').main();
