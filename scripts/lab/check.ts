/** `npm run lab -- --check`: opens a notebook in a running server, runs one of its cells, and says what came of it. */
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import type { JupyterServer } from './server';
import { startSession } from './session';

interface NotebookModel {
  readonly content: {
    readonly cells: readonly { readonly cell_type: string; readonly source: string }[];
    readonly metadata: { readonly kernelspec: { readonly name: string } };
  };
}

interface Message {
  readonly header: { readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, unknown>>;
}

/** A kernel that does not answer for so long does not work. */
const ANSWER_MS = 120_000;

/**
 * Runs the first code cell of a notebook, as JupyterLab does it: through the server's API, in a session of its own.
 *
 * @param path of the notebook, below the server's root
 * @returns the name of the kernel
 * @throws Error when the page, the notebook or the kernel cannot be had, or the cell fails
 */
export async function runFirstCell(server: JupyterServer, path: string): Promise<string> {
  await server.request(new URL(server.page).pathname.slice(1));
  const { content } = (await server.request(`api/contents/${path}?content=1`)) as NotebookModel;
  const cell = content.cells.find(({ cell_type }) => cell_type === 'code');
  if (!cell) throw new Error(`${path} has no code cell`);
  const { name } = content.metadata.kernelspec;
  const session = await startSession(server, path, name);
  try {
    await execute(server, session.kernel.id, cell.source);
    return session.kernel.name;
  } finally {
    await server.request(`api/sessions/${session.id}`, { method: 'DELETE' });
  }
}

/** Runs code in a kernel. @throws Error when it fails or the kernel does not answer */
async function execute({ url, token }: JupyterServer, kernel: string, code: string): Promise<void> {
  const id = randomUUID();
  const socket = new WebSocket(`${url.replace('http', 'ws')}api/kernels/${kernel}/channels`, {
    headers: { Authorization: `token ${token}` },
  });
  const late = setTimeout(() => socket.terminate(), ANSWER_MS);
  try {
    await new Promise<void>((done, fail) => {
      socket.once('error', fail);
      socket.once('close', () => fail(new Error('the kernel did not answer')));
      socket.once('open', () => socket.send(JSON.stringify(executeRequest(id, code))));
      socket.on('message', (data: Buffer) => {
        const { header, parent_header, content } = JSON.parse(data.toString()) as Message;
        if (parent_header.msg_id !== id || header.msg_type !== 'execute_reply') return;
        if (content.status === 'ok') done();
        else fail(new Error(`the cell failed: ${String(content.ename)}: ${String(content.evalue)}`));
      });
    });
  } finally {
    clearTimeout(late);
    socket.terminate();
  }
}

/** https://jupyter-client.readthedocs.io/en/latest/messaging.html#execute */
function executeRequest(id: string, code: string): unknown {
  const header = {
    msg_id: id,
    msg_type: 'execute_request',
    session: randomUUID(),
    username: 'convlab',
    date: new Date().toISOString(),
    version: '5.3',
  };
  const content = {
    code,
    silent: false,
    store_history: false,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  };
  return { channel: 'shell', header, parent_header: {}, metadata: {}, content };
}
