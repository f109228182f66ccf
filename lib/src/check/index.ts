/** What every function does with what it is given, before it does anything else. */
export * from './lists';
export * from './options';
export * from './values';
