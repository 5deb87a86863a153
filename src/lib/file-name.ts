// Comes in: a name that a stranger has chosen: a feed, an archive, an address. Goes out: why no file should be called so, or
// a name that any system takes. Pure; the rules are those of Windows and POSIX together, so that all systems decide alike.
import { temporaryPrefix } from './files.js';

// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(\.|$)/i;
const forbiddenCharacter = /[<>:"|?*\u0000-\u001f]/;

/** Bytes of a name that every disk has room for, with what we put around it. */
const longest = 120;

/** What is wrong with the name of a file or folder, as the end of a sentence; undefined for a good one, and for `.`. */
export function nameProblem(name: string): string | undefined {
  if (deviceName.test(name)) return 'is named like a device';
  if (forbiddenCharacter.test(name)) return 'has a character that Windows forbids';
  if (name !== '.' && /[. ]$/.test(name)) return 'ends in a dot or a blank';
  return undefined;
}

/** The last segment of an address or of a path of any system, made a name that every system takes; its ending is kept. */
export function fileNameFrom(address: string): string {
  const path = address
    .replace(/[?#].*$/s, '')
    .replaceAll('\\', '/')
    .replace(/\/+$/, '');
  const plain = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/[<>:"|?*\u0000-\u001f]/g, '_')
    .replace(/[. ]+$/, '');
  const named = deviceName.test(plain) || plain.startsWith(temporaryPrefix) ? `_${plain}` : plain;
  return named === '' ? 'download' : shortened(named);
}

/** Programs of Windows know by the ending what a file is. */
function shortened(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= longest) return name;
  const ending = /\.[A-Za-z0-9.]{1,16}$/.exec(name)?.[0] ?? '';
  const beginning = bytes.subarray(0, longest - ending.length).toString('utf8');
  return beginning.replace(/\uFFFD$/, '') + ending;
}
