/** What was compiled is older than its source: said before any of it runs. Sources themselves (tests) are up to date. */
import { checkBuilt } from './built';

if (!__filename.endsWith('.ts')) checkBuilt();
