// Starts the kernel, or reports in the notebook that this Node cannot run it. Plain ES5, so that an old Node can read
// it.
'use strict';
var path = require('path');
var range = require('../../package.json').engines.node;
var lowest = /^>=(\d+)\.(\d+)/.exec(range) || [];
var have = /^v(\d+)\.(\d+)/.exec(process.version) || [];
if (+have[1] < +lowest[1] || (+have[1] === +lowest[1] && +have[2] < +lowest[2])) {
  void require('./tooOld.js')(process.argv[2], range);
} else {
  // Node 20's V8 optimises too early for a process that begins by loading a compiler; delaying that saves an eighth of
  // the start-up time (bench:kernel). Later versions gain nothing.
  if (have[1] === '20') require('v8').setFlagsFromString('--interrupt-budget=400000');
  require(path.join(__dirname, 'dist', 'main.js')).main(
    process.argv.slice(2),
    /** @param {unknown} error */ function (error) {
      console.error(error);
      process.exit(1);
    },
  );
}
