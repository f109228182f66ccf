/**
 * The student's process: a realm for the student's program, and a channel. Lines come in through standard input and go
 * out through file descriptor 3. Bundled with what it needs, it is all that this process can read (see ../view.ts).
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import type * as Room from './room';

const ANSWERS = 3;

const context = createContext(Object.create(null) as object, {
  codeGeneration: { strings: false, wasm: false },
});

function moduleFunction(file: string): unknown {
  const code = readFileSync(join(__dirname, file), 'utf8');
  return new Script(`(function (exports, require, module) {${code}\n})`, { filename: file }).runInContext(
    context,
  );
}

const roomModule = new Script('({ exports: {} })').runInContext(context) as { exports: typeof Room };
(moduleFunction('room.js') as Room.Module)(roomModule.exports, () => undefined, roomModule);
const answer = roomModule.exports.open(moduleFunction('convlab.js') as Room.Module, (script, filename) => {
  new Script(script, { filename }).runInContext(context);
});

// Promises that nobody waits for and errors in them say nothing about the answers.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) send(answer(line));
});
// The grader is gone.
process.stdin.on('end', () => process.exit());

function send(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let sent = 0; sent < bytes.length;) sent += writeSync(ANSWERS, bytes, sent);
}
