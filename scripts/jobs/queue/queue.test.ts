/** The queue's engine against a real server: the same results as here, and what is refused. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, JobResult } from '../job';
import { runJobs, type JobsOptions } from '../run';
import { projectVersion } from '../version';
import { PREFIX, serverAt } from './connection';
import { queueName } from './envelope';
import { Presence } from './presence';
import { noServer, TestServer } from '../testdata/redis';

const folder = mkdtempSync(join(tmpdir(), 'convlab-queue-'));
const servers: TestServer[] = [];
const started: ChildProcess[] = [];
after(async () => {
  for (const child of started) child.kill('SIGKILL');
  for (const server of servers) await server.remove();
  rmSync(folder, { recursive: true });
});

const testdata = join(__dirname, '..', 'testdata');
const options: JobsOptions = { jobs: 2, kinds: join(testdata, 'kinds.ts'), kept: join(folder, 'kept') };

async function startServer(options?: Parameters<typeof TestServer.start>[0]): Promise<TestServer> {
  const server = await TestServer.start(options);
  servers.push(server);
  return server;
}

function start(name: string, args: readonly (string | number)[], environment: NodeJS.ProcessEnv = {}) {
  const main = ['-r', join(__dirname, '..', '..', 'typescript.js'), join(testdata, name)];
  const child = spawn(process.execPath, [...main, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  started.push(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(printed)) await sleep(20);
  };
  return { child, printed: () => printed, until };
}

async function resultsOf(jobs: readonly Job[], more: Partial<JobsOptions>) {
  const results: JobResult<unknown>[] = [];
  await runJobs(jobs, { ...options, ...more }, (result) => results.push(result));
  results.sort((a, b) => a.index - b.index);
  return results.map((result) =>
    'value' in result ? { value: result.value, log: result.log } : { failure: result.failure },
  );
}

test(
  'a worker gives the same results, logs and reasons as the processes here',
  { skip: noServer },
  async () => {
    const { url } = await startServer();
    start('worker.ts', [url, 2]);
    const file = join(folder, 'a text.txt');
    writeFileSync(file, 'x'.repeat(5000));
    const jobs: Job[] = [
      ...Array.from({ length: 50 }, (_, number) => ({ kind: 'digest', data: { number } })),
      { kind: 'reads', data: 'y'.repeat(10_000), files: { text: file } },
      { kind: 'large', data: { number: 100_000 } },
      { kind: 'throws', data: 1 },
      { kind: 'deadly', data: { counter: join(folder, 'deadly') } },
      { kind: 'unheard of', data: 1 },
    ];
    const said: string[] = [];
    const there = await resultsOf(jobs, { queue: url, say: (sentence) => said.push(sentence) });
    assert.equal(readFileSync(join(folder, 'deadly'), 'utf8'), '...');
    assert.deepEqual(there, await resultsOf(jobs, {}));
    assert.ok(said.length <= 1, said.join('\n'));
    const { Redis } = await import('ioredis');
    const redis = new Redis(url);
    const keys = await redis.keys('*');
    redis.disconnect();
    assert.deepEqual(
      keys.filter((key) => /:(digest|reads|large|throws|deadly|unheard of)-/.test(key)),
      [],
    );
    // The file stays for a week; data and results are gone.
    assert.equal(keys.filter((key) => key.startsWith('convlab:content:')).length, 1);
  },
);

test('work of another version is refused, on both sides, by what differs', { skip: noServer }, async () => {
  const { url } = await startServer();
  const { Redis } = await import('ioredis');
  const redis = new Redis(url);
  const ours = projectVersion();
  const others = { code: '0123456789ab', lockfile: ours.lockfile };
  await new Presence(redis, 'coordinators', { name: 'far/1', ...others }).beat();
  const worker = start('worker.ts', [url, 1]);
  await worker.until(/refused: the work of far\/1/);
  assert.match(
    worker.printed(),
    /, which is of another version of lib and scripts \(0123456789ab, here [0-9a-f]{12}\)\n/,
  );

  await new Presence(redis, 'workers', { name: 'far/2', ...ours, lockfile: 'ba9876543210' }).beat();
  const said: string[] = [];
  const [{ value }] = await resultsOf([{ kind: 'large', data: { number: 1 } }], {
    queue: url,
    say: (sentence) => said.push(sentence),
  });
  assert.equal(value, 'é');
  const refused = said.find((sentence) => sentence.includes('far/2'));
  assert.match(
    refused ?? '',
    /^the worker far\/2 is of another version of package-lock\.json \(ba9876543210, here [0-9a-f]{12}\), so it does none/,
  );

  // Whoever puts work of another version on this version's queue is refused all the same.
  const { Queue } = await import('bullmq');
  const queue = new Queue(queueName(ours), { connection: serverAt(url).options, prefix: PREFIX });
  const job = await queue.add(
    'digest',
    { ...others, data: { text: '{"number":1}' }, files: {} },
    { attempts: 3 },
  );
  await worker.until(/refuses work/);
  const failed = await queue.getJob(job.id ?? '');
  assert.match(failed?.failedReason ?? '', /refuses work of another version of lib and scripts/);
  assert.equal(failed?.attemptsMade, 1);
  await queue.close();
  redis.disconnect();
});

test(
  'a list that begins anew takes no result that a stopped run has left there',
  { skip: noServer },
  async () => {
    const { url } = await startServer();
    start('worker.ts', [url, 1]);
    const counter = join(folder, 'anew');
    const jobs = [{ kind: 'counted', data: { number: 1, counter } }];
    const stopped = runJobs(jobs, { ...options, queue: url, anew: true, say: () => undefined }, () => {
      throw new Error('stopped');
    });
    await assert.rejects(stopped, { message: 'stopped' });
    await resultsOf(jobs, { queue: url, anew: true, say: () => undefined });
    assert.equal(readFileSync(counter, 'utf8'), '..');
  },
);

test('a worker that is stopped gives its job back at once', { skip: noServer }, async () => {
  const { url } = await startServer();
  const first = start('worker.ts', [url, 1]);
  const running = resultsOf([{ kind: 'digest', data: { number: 7, milliseconds: 3000 } }], {
    queue: url,
    say: () => undefined,
    onProgress: ({ text }) => {
      if (text === 'number 7' && first.child.exitCode === null) first.child.kill('SIGTERM');
    },
  });
  await once(first.child, 'exit');
  assert.equal(first.child.exitCode, 0);
  start('worker.ts', [url, 1]);
  const [{ log }] = await running;
  assert.equal(log, 'digest of 7\n');
});

const noCertificate =
  noServer || (spawnSync('openssl', ['version']).status !== 0 && 'NOT TESTED: there is no openssl');

test(
  'TLS and a password come with the URL, and the password is never printed',
  { skip: noCertificate },
  async () => {
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name));
    const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    spawnSync('openssl', [...request, '-addext', names, '-keyout', key, '-out', certificate]);
    const { port } = await startServer((tls) => ({
      ...{ port: '0', 'tls-port': String(tls), 'tls-cert-file': certificate, 'tls-key-file': key },
      ...{ 'tls-ca-cert-file': certificate, 'tls-auth-clients': 'no', requirepass: 's3cret/word' },
    }));
    const trusted = { NODE_EXTRA_CA_CERTS: certificate };
    const url = `rediss://:s3cret%2Fword@127.0.0.1:${port}`;
    const worker = start('worker.ts', [url, 1], trusted);
    const out = join(folder, 'tls.json');
    const coordinator = start('coordinator.ts', [url, 3, join(folder, 'kept-tls'), out], trusted);
    await once(coordinator.child, 'exit');
    assert.equal((JSON.parse(readFileSync(out, 'utf8')) as unknown[]).length, 3);

    // Without its certificate the server is not trusted; with another password nobody gets in.
    await assert.rejects(
      resultsOf([{ kind: 'digest', data: { number: 1 } }], {
        queue: url,
        kept: join(folder, 'kept-untrusted'),
      }),
      {
        message: `there is no queue at rediss://127.0.0.1:${port}: its certificate is not trusted; NODE_EXTRA_CA_CERTS names a file with one of your own (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      },
    );
    const wrong = start('worker.ts', [url.replace('s3cret', 'wr0ng'), 1], trusted);
    await once(wrong.child, 'exit');
    assert.match(
      wrong.printed(),
      new RegExp(`no queue at rediss://127.0.0.1:${port}: it does not accept this password`),
    );
    // Nor does a worker wait for a server that it will never trust.
    const untrusting = start('worker.ts', [url, 1]);
    await once(untrusting.child, 'exit');
    assert.match(untrusting.printed(), /its certificate is not trusted/);
    for (const { printed } of [worker, coordinator, wrong, untrusting])
      assert.doesNotMatch(printed(), /s3cret|wr0ng/);
  },
);

test('a worker does not wait for a database that the server has not', { skip: noServer }, async () => {
  const { url } = await startServer();
  const worker = start('worker.ts', [`${url}/99`, 1]);
  await once(worker.child, 'exit');
  assert.match(worker.printed(), /there is no queue at redis:.*: ERR DB index is out of range/);
});

test('what is no URL of a queue is wrong usage, said without the password', () => {
  for (const [url, message] of [
    ['localhost:6379', "the queue's URL begins with localhost://, expected redis:// or rediss:// (with TLS)"],
    ['here', 'the queue is no URL, expected one such as redis://host:6379'],
    [
      'https://:s3cret@host',
      "the queue's URL begins with https://, expected redis:// or rediss:// (with TLS)",
    ],
    [
      'redis://:s3cret@host/one',
      "the queue's URL lacks a host or ends with no number of a database, expected redis://host:6379",
    ],
  ]) {
    assert.throws(() => serverAt(url), { message });
  }
  const { shown, options } = serverAt('redis://me:s3cret%2F@[::1]:7000/3');
  assert.equal(shown, 'redis://[::1]:7000');
  const { host, port, username, password, db } = options;
  assert.deepEqual([host, port, username, password, db], ['::1', 7000, 'me', 's3cret/', 3]);
});
