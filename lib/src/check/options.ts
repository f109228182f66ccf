/** Options: objects whose fields have known names, and values that follow rules. */
import type { Rule } from './values';
import { check, isObject, shown } from './values';

/** A custom check, for what a rule cannot express. */
export type Check = (callee: string, name: string, value: unknown) => void;

/** A rule for each option of `T`. */
export type OptionRules<T> = { readonly [Name in keyof T]-?: Rule | Check };

/** For a value that is checked where it is used, since more is known there. */
export const anything: Rule = { expected: 'anything', holds: () => true };

export interface OptionsForm {
  /** Those that have no default. */
  readonly required?: readonly string[];
  /** What the object is called. Default `options`. */
  readonly name?: string;
  /** Prefix of the field names in messages: `average.`, for `average.decay`. Default none. */
  readonly prefix?: string;
  /**
   * The object may hold more than is asked for, like a layer that has a name. Of the other fields, only those are
   * refused that are another spelling of an option (`stride` for `strides`). Default false.
   */
  readonly open?: boolean;
}

/** Throws unless `options` is an object, its names are known and every value that is given follows its rule. */
export function checkOptions<T extends object>(
  callee: string,
  options: unknown,
  rules: OptionRules<T>,
  { required = [], name = 'options', prefix = '', open = false }: OptionsForm = {},
): asserts options is T {
  const known = Object.keys(rules);
  if (!isObject(options)) {
    const example = (required.length > 0 ? required : known.slice(0, 3)).join(', ');
    throw new TypeError(`${callee}: ${name} is ${shown(options)}, expected an object { ${example} }`);
  }
  for (const given of Object.keys(options)) {
    if (Object.hasOwn(rules, given)) continue;
    const meant = known.filter((option) => stem(option) === stem(given));
    if (open && meant.length === 0) continue;
    const expected = (meant.length > 0 ? meant : known).map((option) => prefix + option).join(', ');
    throw new TypeError(`${callee}: there is no option '${prefix}${given}', expected ${expected}`);
  }
  for (const option of known) {
    const value: unknown = options[option];
    if (value === undefined && !required.includes(option)) continue;
    const rule = rules[option as keyof T];
    if (typeof rule === 'function') rule(callee, prefix + option, value);
    else check(callee, prefix + option, value, rule);
  }
}

/** The same for `stride`, `strides` and `Strides`. */
function stem(name: string): string {
  return name.toLowerCase().replace(/s$/, '');
}
