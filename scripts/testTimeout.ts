/**
 * Node's option that fails a test file by name when it hangs, instead of waiting for ever. Node has it since 20.11;
 * 20.10 waits.
 */
export function testTimeout(minutes: number): string[] {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const knows = major > 21 || (major === 21 && minor >= 2) || (major === 20 && minor >= 11);
  return knows ? [`--test-timeout=${minutes * 60_000}`] : [];
}
