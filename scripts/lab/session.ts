/** A kernel for a notebook, started through the server's API. */
import type { JupyterServer } from './server';

export interface Session {
  readonly id: string;
  readonly kernel: { readonly id: string; readonly name: string };
}

/**
 * Starts a notebook's kernel. A page that opens the notebook finds the session and uses its kernel.
 *
 * @param path of the notebook, below the server's root
 */
export async function startSession(server: JupyterServer, path: string, kernel = 'tslab'): Promise<Session> {
  const body = { path, name: path, type: 'notebook', kernel: { name: kernel } };
  return (await server.request('api/sessions', { method: 'POST', body })) as Session;
}
