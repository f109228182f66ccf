// @ts-check
'use strict';
/**
 * Starts the tslab kernel and tells the runner, over file descriptor 3, what the Jupyter protocol cannot carry: which
 * cell a late rejection or exception came from, how many tensors are alive, whether timers are still pending.
 * What a cell computes, prints and how it fails is the same as in JupyterLab.
 *
 *   node kernelProbe.js <tslab's main.js> <connection file> <typescript|javascript>
 *
 * JSON lines. In: { id, ask: 'prepare' | 'begin' | 'end' | 'drain' | 'store' | 'code' | 'syntax', … }. Out: { bound: true }
 * once the kernel can be talked to, { id, … } as the answer, { late: 'rejection' | 'exception', cell, summary, text }
 * whenever one happens.
 * Plain JavaScript, because a TypeScript loader would cost each kernel 200 ms and show up in the kernel's own require.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');
const util = require('node:util');
const vm = require('node:vm');
const { rememberCells } = require('./compiledCells.js');
const { hasSyntaxError } = require('./syntaxError.js');
const { dirname } = require('node:path');

const [, , tslabMain, configPath, language] = process.argv;
const cells = rememberCells(tslabMain);
const runner = new net.Socket({ fd: 3, readable: true, writable: true });
// The notebook sees the command line that Jupyter would have used.
process.argv.splice(1, Infinity, require.resolve('../bin/tslab', { paths: [dirname(tslabMain)] }));
process.argv.push('kernel', `--config-path=${configPath}`);

/** The cell in whose name code runs, also in its timers and promises. @type {AsyncLocalStorage<number>} */
const owner = new AsyncLocalStorage();
let currentCell = 0;
/** What tslab made of each cell: lines in a stack trace count in this. @type {Map<number, string>} */
const compiled = new Map();
/** What a cell threw: the protocol's reply does not say. @type {Map<number, { summary: string, text: string }>} */
const raised = new Map();
/** @type {Map<string, number> | undefined} */
let idleResources;

const runInThisContext = vm.runInThisContext;
const zmq = require(require.resolve('zeromq', { paths: [tslabMain] }));
const { Publisher, Reply, Router } = zmq;
/** shell, control, stdin, iopub, heartbeat. */
const SOCKETS = 5;
let bound = 0;

/** A socket that counts. @param {new (...all: any[]) => any} Socket */
const counted = (Socket) =>
  class extends Socket {
    /** @param {string} address */
    async bind(address) {
      await super.bind(address);
      if (++bound === SOCKETS) tell({ bound: true });
    }
  };
zmq.Router = counted(Router);
zmq.Reply = counted(Reply);
// zeromq.js lets a socket send 512 messages in one turn of the event loop, then refuses (EBUSY) until the next turn; tslab
// does not look. Of 5,000 lines printed in one loop 508 arrive, and the cell's end is lost with the rest. A timeout of 0
// lifts that limit, a high water mark of 0 ZeroMQ's own (1000 waiting messages): a test must see what the cell printed.
zmq.Publisher = class extends counted(Publisher) {
  /** @param {object} [options] */
  constructor(options) {
    super({ sendHighWaterMark: 0, sendTimeout: 0, ...options });
  }
};

vm.runInThisContext = function (code, options) {
  if (currentCell === 0) return runInThisContext(code, options);
  const cell = currentCell;
  compiled.set(cell, code);
  // Not owner.run(…), which would add a frame of its own to every stack that the cell prints.
  owner.enterWith(cell);
  const note = (/** @type {unknown} */ reason) => void raised.set(cell, describe(reason));
  try {
    const result = runInThisContext(code, options);
    // A cell with a top-level await. tslab awaits it too, so this handler hides no rejection.
    if (/^\(async function/.test(code)) result.then(undefined, note);
    return result;
  } catch (error) {
    note(error);
    throw error;
  }
};

/** One line, and all that Node prints of it. @param {unknown} reason */
function describe(reason) {
  const text = util.inspect(reason);
  const isError = reason instanceof Error || util.types.isNativeError(reason);
  const summary = isError ? `${reason.name}: ${reason.message}` : text;
  return { summary: summary.split('\n')[0], text };
}

/** @param {object} message */
function tell(message) {
  runner.write(`${JSON.stringify(message)}\n`);
}

/** @param {'rejection' | 'exception'} late @param {unknown} reason */
function tellLate(late, reason) {
  tell({ late, cell: owner.getStore() ?? 0, ...describe(reason) });
}

// A monitor leaves it to the kernel what an uncaught exception does. For rejections Node has none, and a listener before
// the kernel's own would swallow those of its start: it is added with the first cell.
process.on('uncaughtExceptionMonitor', (error, origin) => {
  if (origin === 'uncaughtException' && currentCell > 0) tellLate('exception', error);
});

function measure() {
  const engine = /** @type {any} */ (globalThis)._tfengine;
  const tensors = engine?.state?.numTensors;
  return {
    ...(typeof tensors === 'number' ? { tensors } : {}),
    // Kilobytes, on every system that Node runs on.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** How many of each kind keep the process busy for the cells' sake: timers, files being read, names being resolved. */
function pendingResources() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const type of process.getActiveResourcesInfo()) {
    if (type === 'Timeout' || type === 'Immediate' || /Req(Callback|Promise|Wrap)$/.test(type)) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  return counts;
}

function isPending() {
  return [...pendingResources()].some(([type, count]) => count > (idleResources?.get(type) ?? 0));
}

/** Answers once no timer of a cell is pending any more, or after so many seconds. @param {number} id @param {number} seconds */
function drain(id, seconds) {
  const deadline = Date.now() + seconds * 1000;
  const check = () => {
    const pending = isPending();
    if (pending && Date.now() < deadline) {
      // Not to be counted itself: an unreferenced timer is no active resource.
      setTimeout(check, 5).unref();
      return;
    }
    // One more turn, so that a rejection made by the last callback is reported before the answer.
    setImmediate(() => tell({ id, pending, ...measure() }));
  };
  check();
}

/** @param {{ id: number, ask: string, cell?: number, seconds?: number, source?: string, file?: string, sources?: string[] }} request */
function answer({ id, ask, cell = 0, seconds = 0, source = '', file, sources = [] }) {
  switch (ask) {
    case 'prepare':
      if (!file || !cells.open(file, sources)) cells.startCompiler();
      tell({ id });
      break;
    case 'begin':
      if (currentCell === 0) {
        idleResources = pendingResources();
        cells.storeCode();
        process.on('unhandledRejection', (reason) => tellLate('rejection', reason));
      }
      currentCell = cell;
      cells.begin();
      tell({ id, ...measure() });
      break;
    case 'drain':
      drain(id, seconds);
      break;
    case 'store':
      cells.store();
      tell({ id });
      break;
    case 'code':
      tell({ id, code: compiled.get(cell) ?? '' });
      break;
    case 'syntax':
      tell({ id, syntaxError: hasSyntaxError(source, tslabMain) });
      break;
    default:
      tell({ id, ran: compiled.has(cell), raised: raised.get(cell), ...measure() });
  }
}

let rest = '';
runner.setEncoding('utf8');
runner.on('data', (/** @type {string} */ chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) answer(JSON.parse(line));
});
// The runner is gone: nobody is left to end this process. (A cell in an endless loop is ended by the kernel's guard.)
runner.on('close', () => process.exit(1));
runner.on('error', () => process.exit(1));
runner.unref();

require(tslabMain).startKernel({
  configPath,
  enableFindLocal: false,
  jsKernel: language === 'javascript',
  globalVersion: '',
});
