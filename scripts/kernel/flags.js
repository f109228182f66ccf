// @ts-check
'use strict';
/** Options of Node with which every kernel is started. */
exports.NODE_OPTIONS = ['--max-semi-space-size=32'];
