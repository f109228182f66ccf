// Says in one sentence when this Node cannot run the project. Plain ES5, so that an old Node can read it.
'use strict';
var range = require('../package.json').engines.node;
var lowest = /^>=(\d+)\.(\d+) <(\d+)$/.exec(range);
var have = /^v(\d+)\.(\d+)/.exec(process.version);
var tooOld = +have[1] < +lowest[1] || (+have[1] === +lowest[1] && +have[2] < +lowest[2]);
var tooNew = +have[1] >= +lowest[3];
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
