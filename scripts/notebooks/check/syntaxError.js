// @ts-check
'use strict';
/**
 * Tells a syntax error from a type error, with tslab's own TypeScript: its diagnostics do not say which they are. Runs in
 * processes that have that compiler loaded anyway.
 */
const { dirname } = require('node:path');

/** @param {string} source @param {string} tslabFile any file of tslab */
exports.hasSyntaxError = function (source, tslabFile) {
  const ts = require(require.resolve('@tslab/typescript-for-tslab', { paths: [dirname(tslabFile)] }));
  const { diagnostics } = ts.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return diagnostics.length > 0;
};
