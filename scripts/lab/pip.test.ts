import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainPip } from './pip';

/** What pip 23 printed, shortened. */
const offline = `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f08>: Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/jupyterlab/
ERROR: Could not find a version that satisfies the requirement jupyterlab==4.6.4 (from versions: none)
ERROR: No matching distribution found for jupyterlab==4.6.4
`;

test('without a network pip says that there is no such version; the cause is told', () => {
  assert.equal(
    explainPip(offline),
    `pip cannot reach the package index. Connect to the network, or name a mirror in PIP_INDEX_URL.
ERROR: Could not find a version that satisfies the requirement jupyterlab==4.6.4 (from versions: none)
ERROR: No matching distribution found for jupyterlab==4.6.4`,
  );
});

test('an index that has no such version, a full disk, and what is not known', () => {
  const unretried = offline.replace(/^WARNING.*\n/, '');
  assert.match(explainPip(unretried), /^pip finds no version of it at all/);
  assert.match(explainPip(unretried.replace('none', '4.2.0')), /^the package index has no version of it/);
  assert.match(
    explainPip(
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device: 'x'",
    ),
    /^the disk is full\.\nERROR: Could not/,
  );
  assert.equal(explainPip('a\nb\nc\nd\n'), 'pip failed.\nb\nc\nd');
});
