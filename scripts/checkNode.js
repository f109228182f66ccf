// @ts-check
// Says in one sentence when this Node cannot run the project. Plain ES5, so that an old Node can read it.
'use strict';
var range = require('../package.json').engines.node;
/** @type {any} `>=20.10 <25` */
var allowed = /^>=(\d+)\.(\d+) <(\d+)$/.exec(range);
/** @type {any} */
var have = /^v(\d+)\.(\d+)/.exec(process.version);
var tooOld = +have[1] < +allowed[1] || (+have[1] === +allowed[1] && +have[2] < +allowed[2]);
var tooNew = +have[1] >= +allowed[3];
if (tooOld || tooNew) {
  console.error(
    'ConvLab needs Node ' +
      range +
      '; this is Node ' +
      process.version +
      ', which is too ' +
      (tooOld ? 'old.' : 'new.'),
  );
  process.exit(1);
}
