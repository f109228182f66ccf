/** The processes that train.ts compares. Each stays alive, runs a round on command and is idle otherwise. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ExpectedError } from '../commandLine';

export type NetworkName =
  | 'twoConvLayers'
  | 'kerasConvnet'
  | 'denseNetwork'
  /** twoConvLayers with twice and four times as many kernels and hidden units. */
  | 'twoConvLayers-x2'
  | 'twoConvLayers-x4'
  /** twoConvLayers for images of 56×56. */
  | 'twoConvLayers-56';
export type Mode = 'train' | 'predict';

/** What a contestant is sent: `start` once, then any number of `round`s. */
export type Command =
  | {
      readonly command: 'start';
      readonly network: NetworkName;
      readonly batch: number;
      /** The thread counts that rounds will ask for. */
      readonly threads: readonly number[];
      /** Files of raw float32 pixels [n, 28, 28, 1] and uint8 labels. */
      readonly images: string;
      readonly labels: string;
    }
  | {
      readonly command: 'round';
      readonly network: NetworkName;
      readonly batch: number;
      readonly mode: Mode;
      readonly variant: string;
      readonly threads: number;
      readonly seconds: number;
    };

/** The answer to `start`: milliseconds to the end of the first step, and memory (MB) before it and at its peak. */
export interface Started {
  readonly version: string;
  readonly firstStep: number;
  readonly baseline: number;
  readonly peak: number;
}

/** The answer to `round`. */
export interface Ran {
  readonly imagesPerSecond: number;
}

export type Answer = Started | Ran;

/** Steps between the first one and reading the memory: enough for allocators and caches to reach their full size. */
export const stepsForMemory = 20;

export interface Kind {
  readonly name: string;
  /** What the tables call it, where `name` stands for several. */
  readonly title?: string;
  readonly command: readonly string[];
  readonly variants: readonly string[];
  /** Whether the number of threads can be chosen. */
  readonly threaded: boolean;
}

/**
 * The contestants that this machine can run, and what is missing for the others.
 *
 * @param nodes major versions of Node on which the engine runs; undefined: the one that runs this
 * @throws ExpectedError if npx cannot get one of them
 */
export function availableKinds(nodes?: readonly number[]): { kinds: Kind[]; missing: string[] } {
  const nodeChild = (kind: string, node = process.execPath): string[] => [
    node,
    '-r',
    join(__dirname, '..', 'typescript.js'),
    join(__dirname, 'trainNode.ts'),
    kind,
  ];
  const simd = { name: 'simd', variants: ['exact', 'fast'], threaded: true };
  const kinds: Kind[] = nodes
    ? nodes.map((version) => ({
        ...simd,
        title: `simd, Node ${version}`,
        command: nodeChild('simd', pathOfNode(version)),
      }))
    : [{ ...simd, command: nodeChild('simd') }];
  const missing: string[] = [];
  const python = pythonWithTorch();
  if (python) {
    const isCompiling = compiles(python);
    if (!isCompiling) missing.push('pytorch compiled (torch.compile fails: it needs a C++ compiler)');
    kinds.push({
      name: 'pytorch',
      command: [python, join(__dirname, 'trainTorch.py')],
      variants: [
        'default',
        'channels-last',
        'channels-last, fused Adam',
        ...(isCompiling ? ['channels-last, fused Adam, compiled'] : []),
      ],
      threaded: true,
    });
  } else {
    missing.push('pytorch (set CONVLAB_PYTHON to a Python that has it)');
  }
  if (hasTfjsNode()) {
    kinds.push({ name: 'tfjs-node', command: nodeChild('tfjs-node'), variants: ['fit'], threaded: false });
  } else {
    missing.push('tfjs-node (not installed, or does not load)');
  }
  kinds.push({ name: 'wasm', command: nodeChild('wasm'), variants: ['fit'], threaded: false });
  return { kinds, missing };
}

/** The program of a version of Node, which npx downloads if it has not yet. */
function pathOfNode(version: number): string {
  const { stdout, status, stderr, error } = spawnSync(
    'npx',
    ['--yes', '-p', `node@${version}`, 'node', '-p', 'process.execPath'],
    { encoding: 'utf8' },
  );
  if (status !== 0)
    throw new ExpectedError(`--node: npx gives no Node ${version}: ${error?.message ?? stderr}`);
  return stdout.trim();
}

/** A process that uses one core until it is ended. */
export function startNeighbour(): { end(): void } {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  return { end: () => void child.kill('SIGKILL') };
}

function pythonWithTorch(): string | undefined {
  const candidates = [
    process.env.CONVLAB_PYTHON,
    join(__dirname, '../../.venv/bin/python'),
    'python3',
    'python',
  ].filter((path) => path !== undefined && (!path.includes('/') || existsSync(path)));
  return candidates.find((path) => spawnSync(path as string, ['-c', 'import torch, numpy']).status === 0);
}

/** Whether its `torch.compile` works here. */
function compiles(python: string): boolean {
  const program = 'import torch; torch.compile(lambda x: torch.relu(x) + 1)(torch.ones(8))';
  return spawnSync(python, ['-c', program]).status === 0;
}

function hasTfjsNode(): boolean {
  try {
    require.resolve('@tensorflow/tfjs-node');
  } catch {
    return false;
  }
  return spawnSync(process.execPath, ['-e', "require('@tensorflow/tfjs-node')"]).status === 0;
}

export class Contestant {
  readonly process: ChildProcess;
  /** Rejected once the process has ended: nobody may wait for it any longer. */
  private readonly ended: Promise<never>;
  private answer: ((answer: Answer) => void) | undefined;

  constructor(readonly kind: Kind) {
    const [program, ...args] = kind.command;
    this.process = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    });
    createInterface({ input: this.process.stdout as NodeJS.ReadableStream }).on('line', (line) =>
      this.answer?.(JSON.parse(line) as Answer),
    );
    this.ended = new Promise((_, reject) => {
      const end = (how: string) => reject(new Error(`${kind.name} ended: ${how}`));
      this.process.on('error', ({ message }) => end(message));
      this.process.on('exit', (code, signal) => end(signal ?? `code ${code}`));
    });
    // It matters only to a request; so does a request that can no longer be written.
    this.ended.catch(() => undefined);
    this.process.stdin?.on('error', () => undefined);
  }

  start(command: Omit<Extract<Command, { command: 'start' }>, 'command'>): Promise<Started> {
    return this.ask({ command: 'start', ...command }) as Promise<Started>;
  }

  round(command: Omit<Extract<Command, { command: 'round' }>, 'command'>): Promise<Ran> {
    return this.ask({ command: 'round', ...command }) as Promise<Ran>;
  }

  private ask(command: Command): Promise<Answer> {
    const answered = new Promise<Answer>((resolve) => (this.answer = resolve));
    this.process.stdin?.write(`${JSON.stringify(command)}\n`);
    return Promise.race([answered, this.ended]);
  }

  end(): void {
    this.process.stdin?.end();
    this.process.kill();
  }
}
