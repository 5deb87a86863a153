// Kind `cmdline`: any program, by its command line. What it does is left as the installer left it: nobody knows how to take it back.
import { commandKind } from './install-commands.js';

export const cmdline = commandKind('cmdline', false);
