// @ts-check
'use strict';
/**
 * The packages that are ES modules only, loaded from CommonJS: TypeScript would compile `import()` to `require`, which
 * Node knows for them only since 20.19.
 */

/** @returns {Promise<typeof import('shiki')>} */
exports.loadShiki = () => import('shiki');

/** @returns {Promise<typeof import('pagefind')>} */
exports.loadPagefind = () => import('pagefind');

/**
 * Eleventy has no types: what is used of it.
 *
 * @typedef {object} EleventyConfig
 * @property {(name: string, data: unknown) => void} addGlobalData
 * @property {(paths: Readonly<Record<string, string>>) => void} addPassthroughCopy
 *
 * @typedef {object} Eleventy
 * @property {() => Promise<unknown>} write
 *
 * @typedef {new (input: string, output: string, options: {
 *   readonly quietMode: boolean;
 *   readonly configPath: null;
 *   readonly config: (config: EleventyConfig) => object;
 * }) => Eleventy} EleventyClass
 */

/** @returns {Promise<EleventyClass>} */
exports.loadEleventy = async () => {
  // @ts-expect-error no types
  const { default: Eleventy } = await import('@11ty/eleventy');
  return Eleventy;
};

/**
 * TypeDoc's types cannot be found the way TypeScript looks for them here: what is used of it.
 *
 * @typedef {object} TypedocApplication
 * @property {() => Promise<object | undefined>} convert
 * @property {(project: object, out: string) => Promise<void>} generateDocs
 * @property {{ hasErrors(): boolean; hasWarnings(): boolean }} logger
 *
 * @typedef {{ Application: { bootstrap(options: object): Promise<TypedocApplication> } }} Typedoc
 */

/** @returns {Promise<Typedoc>} */
exports.loadTypedoc = async () => {
  // @ts-expect-error no types
  return await import('typedoc');
};
