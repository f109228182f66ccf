/** The script of a thread that makes augmented images. */
import { serveImages } from './augmentAhead';

serveImages();
