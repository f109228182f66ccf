/** Refuses to run compiled code that is older than its source. The sources themselves (in tests) are always current. */
import { checkBuilt } from './built';

if (!__filename.endsWith('.ts')) checkBuilt();
