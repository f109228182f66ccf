/**
 * A seccomp filter for bubblewrap: threads yes, processes and sockets no. RLIMIT_NPROC could not do it: it does not hold
 * for root, and counts whatever else the user runs.
 *
 * A filter is a program for the kernel's classic BPF machine: instructions of eight bytes, see seccomp(2) and
 * linux/filter.h. It reads `struct seccomp_data`: the call's number at 0, the architecture at 4, the arguments from 16.
 */

interface Architecture {
  /** AUDIT_ARCH_… of linux/audit.h. */
  readonly audit: number;
  readonly clone: number;
  readonly clone3: number;
  /** The numbers of what is refused outright. */
  readonly refused: Readonly<Record<string, number>>;
}

const architectures: Readonly<Partial<Record<NodeJS.Architecture, Architecture>>> = {
  x64: {
    audit: 0xc000003e,
    clone: 56,
    clone3: 435,
    refused: {
      fork: 57,
      vfork: 58,
      socket: 41,
      ptrace: 101,
      unshare: 272,
      setns: 308,
      io_uring_setup: 425,
      bpf: 321,
      userfaultfd: 323,
      perf_event_open: 298,
      add_key: 248,
      request_key: 249,
      keyctl: 250,
    },
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    clone3: 435,
    refused: {
      socket: 198,
      ptrace: 117,
      unshare: 97,
      setns: 268,
      io_uring_setup: 425,
      bpf: 280,
      userfaultfd: 282,
      perf_event_open: 241,
      add_key: 217,
      request_key: 218,
      keyctl: 219,
    },
  },
};

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const failWith = (errno: number): number => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;
/** Set for a thread, not for a process. */
const CLONE_THREAD = 0x00010000;
/** Numbers from here on are those of x32, a second set of calls on x64. */
const X32 = 0x40000000;

/** The filter for this machine; undefined for an architecture whose numbers are not in the table. */
export function processFilter(architecture = process.arch): Buffer | undefined {
  const machine = architectures[architecture];
  if (machine === undefined) return undefined;
  const { audit, clone, clone3, refused } = machine;
  const instructions: [code: number, ifTrue: number, ifFalse: number, k: number][] = [
    [LOAD, 0, 0, 4],
    [JUMP_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, 0],
    [JUMP_AT_LEAST, 0, 1, X32],
    [RETURN, 0, 0, failWith(EPERM)],
    // Its flags are in memory, where a filter cannot look; the C library then falls back on clone.
    [JUMP_EQUAL, 0, 1, clone3],
    [RETURN, 0, 0, failWith(ENOSYS)],
    ...Object.values(refused).flatMap((number): [number, number, number, number][] => [
      [JUMP_EQUAL, 0, 1, number],
      [RETURN, 0, 0, failWith(EPERM)],
    ]),
    [JUMP_EQUAL, 0, 3, clone],
    [LOAD, 0, 0, 16],
    [JUMP_ANY_BIT, 1, 0, CLONE_THREAD],
    [RETURN, 0, 0, failWith(EPERM)],
    [RETURN, 0, 0, ALLOW],
  ];
  const program = Buffer.alloc(8 * instructions.length);
  instructions.forEach(([code, ifTrue, ifFalse, k], i) => {
    program.writeUInt16LE(code, 8 * i);
    program.writeUInt8(ifTrue, 8 * i + 2);
    program.writeUInt8(ifFalse, 8 * i + 3);
    program.writeUInt32LE(k, 8 * i + 4);
  });
  return program;
}
