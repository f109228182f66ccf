/** What runs in every page of the site. Nothing is fetched but the site's own files, when they are wanted. */
import { startCodeSwitch } from './code';
import { startFigures } from './figures';
import { startLocks } from './locks';
import { startProgress } from './progress';
import { startSearch } from './search';
import { startTerms } from './terms';
import { startTheme } from './theme';
import { startTraining } from './training';

startTheme();
startCodeSwitch();
startLocks();
startProgress();
startFigures();
startTerms();
startSearch();
startTraining();
