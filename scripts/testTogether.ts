/** Runs the test files listed in TEST_FILES (a JSON list of absolute paths) in this one process: see `test.ts`. */
import { createRequire } from 'node:module';

const load = createRequire(__filename);
for (const file of JSON.parse(process.env.TEST_FILES ?? '[]') as string[]) load(file);
