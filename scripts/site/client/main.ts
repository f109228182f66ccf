/** What runs in every page of the site. Nothing is fetched but the site's own files, when they are wanted. */
import { startCodeSwitch } from './code';
import { startExercises } from './exercises/exercises';
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
startExercises();
startFigures();
startTerms();
startSearch();
startTraining();
