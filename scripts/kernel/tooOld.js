// @ts-check
'use strict';
/**
 * For a Node that cannot run the kernel: answers Jupyter just enough to report that in the notebook. The server that it
 * shares with the kernel loads from Node 14.18 on; an even older one can only print the reason.
 */
const { readFileSync } = require('fs');
const { join } = require('path');

/** @param {string} connectionFile @param {string} range the versions of Node that the project needs */
module.exports = async (connectionFile, range) => {
  const words =
    `This kernel needs Node ${range}, and was started with Node ${process.version} (${process.execPath}). ` +
    'Install a newer Node, then run: npm run kernel:install';
  console.error(words);
  /** @type {typeof import('./server')} */
  const { Server } = require(join(__dirname, 'dist', 'server.js'));
  const server = await Server.bind(JSON.parse(readFileSync(connectionFile, 'utf8')));
  const error = { status: 'error', ename: 'NodeTooOld', evalue: words, traceback: [words] };
  const info = {
    status: 'ok',
    protocol_version: '5.3',
    implementation: 'tslab',
    implementation_version: '',
    language_info: { name: 'typescript', version: '', mimetype: 'text/typescript', file_extension: '.ts' },
    banner: words,
  };
  let count = 0;
  server.listen(
    (request) => {
      const { header } = request;
      server.publish('status', { execution_state: 'busy' }, header);
      if (header.msg_type === 'execute_request') {
        server.publish('error', error, header);
        server.reply(request, { ...error, execution_count: ++count });
      } else if (header.msg_type === 'kernel_info_request') server.reply(request, info);
      else server.reply(request, { status: 'ok', restart: false });
      server.publish('status', { execution_state: 'idle' }, header);
      if (header.msg_type === 'shutdown_request') {
        setImmediate(() => {
          server.close();
          process.exit(0);
        });
      }
    },
    () => undefined,
  );
};
