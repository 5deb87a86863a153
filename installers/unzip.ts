// Kind `unzip`: a zip into a folder of the feed's choice, and what commands follow. A folder that was new is taken away.
import { commandKind } from './install-commands.js';

export const unzip = commandKind('unzip', false);
