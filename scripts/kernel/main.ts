/** The kernel's process: `node launch.js <connection file> [--js]`, in the notebook's folder. */
import { readFileSync } from 'node:fs';
import { Editor } from './editor';
import { tellStacks } from './frames';
import { Kernel } from './kernel';
import { CellRunner } from './run';
import { Server } from './server';
import { PROTOCOL_VERSION, type ConnectionInfo, type Content } from './wire';

export function main(args: readonly string[], onFailure: (error: unknown) => void): void {
  start(args).catch(onFailure);
}

async function start([connectionFile, ...options]: readonly string[]): Promise<void> {
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionInfo;
  const language = options.includes('--js') ? 'javascript' : 'typescript';
  const folder = process.cwd();
  const server = await Server.bind(connection);
  const runner = new CellRunner(folder, language);
  const kernel = new Kernel({
    server,
    runner,
    editor: new Editor(() => runner.compiler),
    info: kernelInfo(language),
    onShutdown: () => {
      server.close();
      process.exit(0);
    },
  });
  tellStacks(folder);
  process.on('uncaughtException', (error) => kernel.late('exception', error));
  process.on('unhandledRejection', (reason) => kernel.late('rejection', reason));
  // For signals that arrive outside of any cell: Node removes the listeners while a cell's synchronous part runs.
  process.on('SIGINT', () => kernel.interrupt());
  console.clear = () => kernel.publish('clear_output', { wait: false });
  // Before any cell can run: the first one may already show something.
  provideDisplay(kernel);
  kernel.start();
  endWithParent();
  // A client that asks at once is answered before the compiler is loaded, which takes half a second.
  // Unreferenced, since it is not what a cell has started.
  setTimeout(() => runner.compiler.warmUp(), WARM_UP_MS).unref();
}

/** A client that waits for the kernel asks within a few milliseconds. */
const WARM_UP_MS = 10;

/** Jupyter names the process that started the kernel: when that is gone, nobody is left to end the kernel. */
function endWithParent(): void {
  const parent = Number(process.env.JPY_PARENT_PID);
  if (!(parent > 1)) return;
  const look = () => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') process.exit(1);
    }
  };
  setInterval(look, 1000).unref();
}

/**
 * Receives what is to be shown from tslab's `display`, and from any library that looks for tslab's sender; tells
 * libraries which cell runs.
 */
function provideDisplay(kernel: Kernel): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const tslab = require('tslab/dist/jupyter') as { lastWriteDisplayData: Kernel['display'] };
  tslab.lastWriteDisplayData = kernel.display;
  Object.defineProperty(globalThis, Symbol.for('convlab.cell'), { get: () => kernel.running });
}

function kernelInfo(language: 'typescript' | 'javascript'): Content {
  const isTypeScript = language === 'typescript';
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: isTypeScript ? 'tslab' : 'jslab',
    implementation_version: packageVersion('tslab'),
    banner: isTypeScript
      ? 'TypeScript in cells, by ConvLab and tslab'
      : 'JavaScript in cells, by ConvLab and tslab',
    language_info: {
      name: language,
      version: packageVersion('@tslab/typescript-for-tslab'),
      mimetype: `text/${language}`,
      file_extension: isTypeScript ? '.ts' : '.js',
      // By these, front ends choose the syntax highlighting; the values are tslab's.
      ...(isTypeScript
        ? { codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true } }
        : {}),
    },
    help_links: [],
  };
}

function packageVersion(name: string): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(`${name}/package.json`) as { version: string }).version;
}
