/**
 * What zod finds wrong with a value, as a sentence that names the field: `cells[3].outputs[0].name is 5, expected …`.
 */
import { z } from 'zod';

/**
 * An object that may have no fields but these: a mistyped one must not pass unnoticed. The `error` of each field's
 * schema says what is expected there.
 */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? fields : 'an object'),
  });
}

/**
 * @param where the value's name; '' if its fields need none
 * @returns the value as the schema reads it
 * @throws TypeError with the sentence
 */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new TypeError(sentence(result.error.issues[0], value, where));
}

type Issue = z.core.$ZodIssue;

function sentence(issue: Issue, value: unknown, where: string): string {
  if (issue.code === 'invalid_union') {
    // Of the alternatives that matched the value's type, the first explains what is wrong inside it.
    const deeper = issue.errors.find(
      ([first]) => first?.path.length > 0 || first?.code === 'unrecognized_keys',
    );
    if (deeper) {
      const [first] = deeper;
      return sentence({ ...first, path: [...issue.path, ...first.path] }, value, where);
    }
  }
  const place = placeOf(issue.path, where);
  if (issue.code === 'unrecognized_keys') {
    return `${place}${place && ': '}unknown field '${issue.keys[0]}', expected ${issue.message}`;
  }
  const given = issue.path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const expected = issue.message.replace(/^Invalid input: expected /, '');
  return `${place || 'the JSON'} is ${shown(given)}, expected ${expected}`;
}

/** `where.cells[3].outputs[0]['text/html']` */
function placeOf(path: readonly PropertyKey[], where: string): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    const name = String(key);
    if (!/^\w+$/.test(name)) return `${place}[${JSON.stringify(name)}]`;
    return place === '' ? name : `${place}.${name}`;
  }, where);
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value) && value.length > 0) return 'a list';
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
