/** What TensorFlow.js means when it cannot build a layer from its description. */

/** The reason of its error in a sentence: its own one on a class that is not registered is a page of guesses. */
export function buildingTrouble(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const name = /^Unknown \w+: (\w+)\./.exec(message)?.[1];
  if (name === undefined) return message;
  return `the class ${name} is not registered, expected tf.serialization.registerClass(${name}) before`;
}
