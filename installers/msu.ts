// Kind `msu`: an update of Windows, by wusa. What it does is left as the installer left it: nobody knows how to take it back.
import { commandKind } from './install-commands.js';

export const msu = commandKind('msu', false);
