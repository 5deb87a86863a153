// Comes in: files with their paths. Goes out: the bytes of a tar with nothing in it but names, contents and whether a file
// may be run: the same files give the same bytes on any day, machine and account. Reads no disk.

export interface TarFile {
  /** With `/`, relative. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable?: boolean;
}

const block = 512;

/** A tar of ustar headers (POSIX.1-1988), sorted by path; times, users and groups are 0. */
export function tarOf(files: readonly TarFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const parts: Uint8Array[] = [];
  for (const { path, content, executable } of sorted) {
    parts.push(headerOf(path, content.length, executable === true ? 0o755 : 0o644), content);
    parts.push(Buffer.alloc((block - (content.length % block)) % block));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function headerOf(path: string, size: number, mode: number): Buffer {
  const header = Buffer.alloc(block);
  const { prefix, name } = splitPath(path);
  header.write(name, 0, 100);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  // The sum is made with blanks in its own place.
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\u0000 `, 148);
  return header;
}

/** A path longer than 100 bytes is divided at one of its slashes, 155 bytes at most before it. */
function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { prefix, name };
  }
  throw new Error(`'${path}' is too long for a tar`);
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, '0');
}
