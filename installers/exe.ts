// Kind `exe`: a program that installs. What it does is left as the installer left it: nobody knows how to take it back.
import { commandKind } from './install-commands.js';

export const exe = commandKind('exe', false);
