/** Tests of files that one may not read: nothing keeps root from reading them, so for a moment another user asks. */

const NOBODY = 65534;

/** Windows has no such users. */
export const canLosePermissions = process.platform !== 'win32' && process.geteuid?.() !== undefined;
export const noPermissions = 'this system has other permissions';

/** Does something as a user who is not root, where this process is. */
export async function withoutPermissions(run: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
