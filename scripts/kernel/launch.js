// Starts the kernel where Node can run it, and says in the notebook where it cannot. Plain ES5, so that an old Node can read it.
'use strict';
var path = require('path');
var range = require('../../package.json').engines.node;
var lowest = /^>=(\d+)\.(\d+)/.exec(range) || [];
var have = /^v(\d+)\.(\d+)/.exec(process.version) || [];
if (+have[1] < +lowest[1] || (+have[1] === +lowest[1] && +have[2] < +lowest[2])) {
  require('./tooOld.js')(process.argv[2], range);
} else {
  require(path.join(__dirname, 'dist', 'main.js')).main(
    process.argv.slice(2),
    /** @param {unknown} error */ function (error) {
      console.error(error);
      process.exit(1);
    },
  );
}
