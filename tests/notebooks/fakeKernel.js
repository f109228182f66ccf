// @ts-check
'use strict';
/**
 * A kernel that behaves badly on purpose, for the faults that tslab cannot be made to show.
 *   node fakeKernel.js <mode> <connection file>
 */
const { createHmac } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const zmq = require('zeromq');

const [, , mode, file] = process.argv;
if (mode === 'dies-at-start') {
  console.error('no licence for this kernel');
  process.exit(3);
}
if (mode === 'dies-at-first-start' && !existsSync('started-once.txt')) {
  writeFileSync('started-once.txt', '');
  process.exit(0);
}

const info = JSON.parse(readFileSync(file, 'utf8'));
const address = (/** @type {number} */ port) => `${info.transport}://${info.ip}:${port}`;

/**
 * @param {Buffer[]} identities @param {string} key @param {object} parent the header answered
 * @param {string} type @param {object} content
 */
function frames(identities, key, parent, type, content) {
  const header = { msg_id: `${type}-${Math.random()}`, msg_type: type, session: 'fake', version: '5.3' };
  const parts = [header, parent, {}, content].map((part) => JSON.stringify(part));
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return [...identities, '<IDS|MSG>', hmac.digest('hex'), ...parts];
}

async function main() {
  const shell = new zmq.Router();
  const iopub = new zmq.Publisher();
  await shell.bind(address(info.shell_port));
  await iopub.bind(address(info.iopub_port));
  if (mode === 'hangs-at-start') return void setInterval(() => undefined, 1000);
  for await (const message of shell) {
    const at = message.findIndex((frame) => frame.toString() === '<IDS|MSG>');
    const identities = message.slice(0, at);
    const header = JSON.parse(message[at + 2].toString());
    const publish = (/** @type {string} */ type, /** @type {object} */ content) =>
      iopub.send(frames([], info.key, header, type, content));
    if (header.msg_type === 'kernel_info_request') {
      await publish('status', { execution_state: 'busy' });
      const reply = { status: 'ok', implementation: 'fake' };
      await shell.send(frames(identities, info.key, header, 'kernel_info_reply', reply));
      await publish('status', { execution_state: 'idle' });
      continue;
    }
    const key = mode === 'forges-replies' ? 'another key' : info.key;
    const status = { 'aborts-everything': 'aborted', 'replies-nonsense': 'maybe' }[mode] ?? 'ok';
    await shell.send(frames(identities, key, header, 'execute_reply', { status, execution_count: 1 }));
    if (mode !== 'never-says-idle') await publish('status', { execution_state: 'idle' });
  }
}

void main();
