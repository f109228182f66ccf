/** A worker process: does one job after the other, as its pool sends them. Its argument is the file of the kinds. */
import { createRequire } from 'node:module';
import type { Kinds } from './job';
import type { Reply, Task } from './message';

/** A job that prints without end must not fill anybody's memory. */
const MOST_LOG_CHARACTERS = 100_000;

const { kinds } = createRequire(__filename)(process.argv[2]) as { readonly kinds: Kinds };
let printed = 0;

function reply(message: Reply): void {
  process.send?.(message);
}

for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, ...more: readonly unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const rest = MOST_LOG_CHARACTERS - printed;
    printed += text.length;
    if (rest > 0) reply({ printed: text.length > rest ? `${text.slice(0, rest)}…\n` : text });
    const done = more.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
}

async function perform({ kind, data, files }: Task): Promise<string> {
  if (!Object.hasOwn(kinds, kind))
    throw new Error(`there is no kind of job called '${kind}' in this project`);
  const program = await kinds[kind]();
  const value = await program(JSON.parse(data), { files, progress: (text) => reply({ progress: text }) });
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new Error(`a job of the kind '${kind}' gives no JSON: ${String(value)}`);
  return text;
}

process.on('message', (task: Task) => {
  printed = 0;
  perform(task).then(
    (value) => reply({ value }),
    (error: unknown) => {
      reply({ printed: `${error instanceof Error ? error.stack : String(error)}\n` });
      reply({ threw: error instanceof Error ? error.message : String(error) });
    },
  );
});
// Whoever started this process is gone; and Ctrl-C, which reaches all processes of a terminal, is for it to judge.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);
reply({ ready: true });
