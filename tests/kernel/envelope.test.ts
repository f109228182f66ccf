/**
 * Jupyter's protocol 5.3, message by message: the fields of every message, and requests about the kernel itself.
 * https://jupyter-client.readthedocs.io/en/latest/messaging.html
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encode, resultText, TestKernel } from './client';

describe('every message', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  test('of a request is framed by busy and idle', async () => {
    for (const [type, content] of [
      ['kernel_info_request', {}],
      ['execute_request', { code: 'console.log(1)' }],
      ['is_complete_request', { code: '1' }],
      ['comm_info_request', {}],
    ] as const) {
      const { published } = await kernel.ask(type, content);
      const states = published.map(({ type, content }) =>
        type === 'status' ? content.execution_state : 'something else',
      );
      assert.equal(states[0], 'busy', type);
      assert.equal(states.at(-1), 'idle', type);
      assert.equal(states.filter((state) => state === 'busy' || state === 'idle').length, 2, type);
    }
  });

  test('names its type, version 5.3, an id of its own, a session, a user and a date', async () => {
    const { reply, published } = await kernel.run('console.log("on it"); 41 + 1');
    const messages = [reply, ...published];
    for (const { header } of messages) {
      assert.equal(header.version, '5.3');
      for (const field of ['msg_id', 'msg_type', 'session', 'username'])
        assert.equal(typeof header[field], 'string', field);
      assert.match(String(header.date), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
    }
    assert.equal(new Set(messages.map(({ header }) => header.msg_id)).size, messages.length);
  });

  test('has the whole header of its request, and metadata', async () => {
    const { id, reply, published } = await kernel.run('1');
    for (const { parentHeader, metadata } of [reply, ...published]) {
      assert.equal(parentHeader.msg_id, id);
      assert.equal(parentHeader.msg_type, 'execute_request');
      assert.equal(parentHeader.username, 'convlab');
      assert.equal(typeof metadata, 'object');
    }
  });

  test('with a wrong signature is refused, and the kernel survives', async () => {
    const { id, frames } = encode('not the key', 'intruder', 'execute_request', {
      code: 'globalThis.broken = 1',
    });
    kernel.sendFrames(frames);
    assert.equal(resultText(await kernel.run('typeof (globalThis as any).broken')), "'undefined'");
    assert.deepEqual(
      kernel.log.filter(({ parent }) => parent === id),
      [],
    );
  });

  test('that is malformed is refused, and the kernel survives', async () => {
    kernel.sendFrames(['no delimiter']);
    kernel.sendFrames(['<IDS|MSG>']);
    kernel.sendFrames(['<IDS|MSG>', 'signature', 'no JSON', '{}', '{}', '{}']);
    assert.equal((await kernel.run('1')).reply.content.status, 'ok');
  });

  test('of an unknown type is framed by busy and idle, and does no harm', async () => {
    const unknown = kernel.send('juggle_request', {});
    await kernel.message(
      'idle',
      ({ parent, content }) => parent === unknown.id && content.execution_state === 'idle',
    );
    const { published } = await kernel.run('1');
    assert.equal(published.filter(({ type }) => type === 'stream').length, 0);
  });
});

describe('requests about the kernel', () => {
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.close());

  test('kernel_info_reply: status, protocol, language', async () => {
    const { content } = (await kernel.ask('kernel_info_request')).reply;
    assert.equal(content.status, 'ok');
    assert.equal(content.protocol_version, '5.3');
    for (const field of ['implementation', 'implementation_version', 'banner'])
      assert.equal(typeof content[field], 'string', field);
    const { name, mimetype, file_extension } = content.language_info as Record<string, string>;
    assert.deepEqual([name, mimetype, file_extension], ['typescript', 'text/typescript', '.ts']);
  });

  test('kernel_info_reply: the version is that of the TypeScript which compiles the cells', async () => {
    const { content } = (await kernel.ask('kernel_info_request')).reply;
    const version = resultText(await kernel.run("import { versions } from 'tslab';\nversions.typescript"));
    assert.equal((content.language_info as Record<string, string>).version, version.replaceAll("'", ''));
  });

  test('kernel_info_request is answered on the control channel too', async () => {
    const { reply } = await kernel.ask('kernel_info_request', {}, 'control');
    assert.equal(reply.type, 'kernel_info_reply');
    assert.equal(reply.channel, 'control');
  });

  test('the heartbeat returns what it is sent', async () => {
    assert.equal(await kernel.heartbeat('ping 1'), 'ping 1');
    assert.equal(await kernel.heartbeat('ping 2'), 'ping 2');
  });

  test('the heartbeat beats while a cell awaits', async () => {
    const cell = kernel.begin('await new Promise((resolve) => setTimeout(resolve, 300));');
    await kernel.message('busy', ({ parent }) => parent === cell.id);
    assert.equal(await kernel.heartbeat('still there?'), 'still there?');
    assert.equal((await cell.answered).reply.content.status, 'ok');
  });

  test('comm_info_reply: no comms', async () => {
    const { reply } = await kernel.ask('comm_info_request', { target_name: 'jupyter.widget' });
    assert.equal(reply.type, 'comm_info_reply');
    assert.deepEqual(reply.content, { status: 'ok', comms: {} });
  });

  test('a comm that the kernel does not know is closed again', async () => {
    const open = kernel.send('comm_open', { comm_id: 'c1', target_name: 'jupyter.widget', data: {} });
    const close = await kernel.message(
      'comm_close',
      ({ type, parent }) => type === 'comm_close' && parent === open.id,
    );
    assert.equal(close.content.comm_id, 'c1');
    const { reply } = await kernel.ask('comm_info_request', {});
    assert.deepEqual(reply.content.comms, {});
  });

  test('messages to a comm that does not exist do no harm', async () => {
    kernel.send('comm_msg', { comm_id: 'gone', data: { method: 'update' } });
    kernel.send('comm_close', { comm_id: 'gone', data: {} });
    const { reply, published } = await kernel.run('"alive"');
    assert.equal(reply.content.status, 'ok');
    assert.deepEqual(
      published.filter(({ type }) => type === 'stream' || type === 'error'),
      [],
    );
  });
});

describe('history', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.run('const first = 1;\nfirst');
    await kernel.run('2 * 2');
    await kernel.run('"unseen"', { store_history: false });
    await kernel.run('"silent"', { silent: true });
    await kernel.run('console.log("third")');
    await kernel.run('2 * 2');
  });
  after(() => kernel.close());

  const history = async (request: object) => {
    const { reply } = await kernel.ask('history_request', { output: false, raw: true, ...request });
    assert.equal(reply.type, 'history_reply');
    assert.equal(reply.content.status, 'ok');
    return reply.content.history as [session: number, line: number, input: unknown][];
  };

  test('tail: the last cells, oldest first, without those that were not to be stored', async () => {
    const cells = await history({ hist_access_type: 'tail', n: 3 });
    assert.deepEqual(
      cells.map(([, line, input]) => [line, input]),
      [
        [2, '2 * 2'],
        [3, 'console.log("third")'],
        [4, '2 * 2'],
      ],
    );
    assert.equal(new Set(cells.map(([session]) => session)).size, 1);
  });

  test('tail with outputs: pairs of input and output', async () => {
    const cells = await history({ hist_access_type: 'tail', n: 2, output: true });
    assert.deepEqual(
      cells.map(([, , input]) => input),
      [
        ['console.log("third")', null],
        ['2 * 2', '4'],
      ],
    );
  });

  test('range: of this session (0), from start to before stop', async () => {
    const range = { hist_access_type: 'range', session: 0, start: 1, stop: 3 };
    assert.deepEqual(
      (await history(range)).map(([, line, input]) => [line, input]),
      [
        [1, 'const first = 1;\nfirst'],
        [2, '2 * 2'],
      ],
    );
    const [[session]] = await history({ hist_access_type: 'tail', n: 1 });
    assert.equal((await history({ ...range, session })).length, 2);
    assert.deepEqual(await history({ ...range, session: session + 1 }), []);
  });

  test('search: a pattern with * and ?, at most n, each input once if requested', async () => {
    const search = { hist_access_type: 'search', pattern: '2 ? 2*' };
    assert.deepEqual(
      (await history(search)).map(([, line]) => line),
      [2, 4],
    );
    assert.deepEqual(
      (await history({ ...search, n: 1 })).map(([, line]) => line),
      [4],
    );
    assert.deepEqual(
      (await history({ ...search, unique: true })).map(([, line]) => line),
      [4],
    );
    assert.deepEqual(await history({ ...search, pattern: '2 ?' }), []);
    // Not a regular expression: all other characters are literal.
    assert.deepEqual(await history({ ...search, pattern: '(' }), []);
    assert.equal((await history({ ...search, pattern: '*("third")' })).length, 1);
  });
});
