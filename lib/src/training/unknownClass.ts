/** What TensorFlow.js means when it cannot build a layer from its description. */

/** The reason of its error in a sentence: its own one on a class that is not registered is a page of guesses. */
export function buildingTrouble(error: unknown): string {
  const name = unknownClass(error);
  if (name === undefined) return messageOf(error);
  return `the class ${name} is not registered, expected tf.serialization.registerClass(${name}) before`;
}

/** The name of the class that is not registered, if that is the trouble. */
export function unknownClass(error: unknown): string | undefined {
  return /^Unknown \w+: (\w+)\./.exec(messageOf(error))?.[1];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
