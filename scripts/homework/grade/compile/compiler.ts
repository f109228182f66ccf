/** Compiles submissions, within limits. */
import { join } from 'node:path';
import { LimitedThread } from '../../sandbox/thread';
import type { Program, ProgramRequest } from './program';

const MEGABYTES = 512;

export const compiler = new LimitedThread<ProgramRequest, Program>(join(__dirname, 'worker.ts'), MEGABYTES);
