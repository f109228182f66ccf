/**
 * Whether the words that somebody looks for occur in the course. Pagefind finds something for any word: where none
 * begins with it, whatever begins as it does, down to its first letter.
 */

/** From here on a word is long enough to be recognised with a wrong letter. */
const LONG = 5;
/** What may differ between a word in the course and the same one in a search: `pooled` finds pooling. */
const ENDING = /(?:e?s|e?d|e?r|ers|ings?|ions?|al|ly|e)$/;

/** Lower case, without accents; of `sigmoidGrad` its two parts too. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).flatMap((word) => {
    const parts = word.split(/(?<=\p{Ll})(?=\p{Lu})/u);
    return [...new Set([word, ...parts])].map((part) => part.toLowerCase());
  });
}

/**
 * What to look for instead of what was typed: the same, or with a word of the course for each that has one letter too
 * many, too few, wrong, or two in each other's place.
 *
 * @param course its words, the most frequent first
 * @returns undefined if a word occurs nowhere
 */
export function respelt(typed: string, course: readonly string[]): string | undefined {
  let isNowhere = false;
  const words = typed.replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => {
    const [plain] = wordsOf(word);
    if (plain === undefined || occurs(plain, course)) return word;
    const meant = plain.length < LONG ? undefined : course.find((known) => isOneSlipAway(plain, known));
    isNowhere ||= meant === undefined;
    return meant ?? word;
  });
  return isNowhere ? undefined : words;
}

/** Also as the beginning of a word: most searches are not typed to their end. */
function occurs(word: string, course: readonly string[]): boolean {
  const stem = word.replace(ENDING, '');
  return course.some(
    (known) =>
      known.startsWith(word) ||
      (stem.length >= LONG - 1 && known.startsWith(stem) && known.replace(ENDING, '') === stem),
  );
}

/** One letter more, less or other, or two neighbours exchanged. A number is no word's misspelling. */
function isOneSlipAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || /\p{N}/u.test(a + b)) return false;
  let [start, end] = [0, 0];
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [here, there] = [a, b].map((word) => word.slice(start, word.length - end));
  return (
    (here.length <= 1 && there.length <= 1) || (here.length === 2 && here === [...there].reverse().join(''))
  );
}
