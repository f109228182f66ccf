/** The script of a worker thread. */
import { platform } from '../../platform/node';
import { serve } from './serve';

serve(platform.workerPort());
