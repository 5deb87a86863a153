// Comes in: the entries of a checked archive, one after the other. Goes out: files, folders and links below one folder.
// Writes synchronously: for thousands of small files a call costs less than a turn of the event loop. Knows no format.
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export interface TreeWriter {
  readonly folder: (name: string) => void;
  readonly file: (name: string, mode: number, content: Uint8Array) => void;
  /** A file that comes in pieces; `end` closes it. */
  readonly open: (
    name: string,
    mode: number,
  ) => { readonly write: (piece: Uint8Array) => void; readonly end: () => void };
  readonly link: (name: string, target: string) => void;
  /** `target` counts from the root of the tree. */
  readonly hardLink: (name: string, target: string) => void;
}

/** A writer below a folder, which is made. An entry that is there already is an error. */
export function createTreeWriter(root: string): TreeWriter {
  const made = new Set<string>();
  const makeFolder = (path: string): void => {
    if (made.has(path)) return;
    mkdirSync(path, { recursive: true });
    made.add(path);
  };
  const place = (name: string): string => {
    const path = join(root, name);
    makeFolder(dirname(path));
    return path;
  };
  makeFolder(root);
  return {
    folder: (name) => makeFolder(join(root, name)),
    file(name, mode, content) {
      const path = place(name);
      writeFileSync(path, content, { flag: 'wx', mode: permissions(mode) });
    },
    open(name, mode) {
      const path = place(name);
      const file = openSync(path, 'wx', permissions(mode));
      return {
        write: (piece) => {
          for (let done = 0; done < piece.length;) done += writeSync(file, piece, done);
        },
        end: () => {
          closeSync(file);
          // What the umask took away of an executable's bits is not wanted back; only existence of the mode counts.
          if (mode & 0o111) chmodSync(path, permissions(mode));
        },
      };
    },
    link: (name, target) => symlinkSync(target, place(name)),
    hardLink: (name, target) => linkSync(join(root, target), place(name)),
  };
}

/** Never set-uid, never writable for others; an archive without modes (0) gets ordinary ones. */
function permissions(mode: number): number {
  return mode & 0o777 ? (mode & 0o755) | 0o600 : 0o644;
}
