/** The checks that every public function makes of its arguments before it does anything else. */
export * from './lists';
export * from './options';
export * from './values';
