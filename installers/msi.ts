// Kind `msi`: a package of Windows Installer, by msiexec. Taken away by its product code, which the feed's hint names.
import { commandKind } from './install-commands.js';

export const msi = commandKind('msi', true);
