// Comes in: the text of a pylock.toml. Goes out: its packages with the addresses of their wheels. The only file that
// knows smol-toml. Knows not who wrote the lock, and keeps no address itself.
import { parse } from 'smol-toml';
import { AppError } from '../errors.js';

/** One version of a distribution as the lock has it. */
export interface LockedPackage {
  /** Normalised: lower case, `-` between words. */
  readonly name: string;
  readonly version: string;
  /** PEP 508; absent = always. */
  readonly marker?: string;
  readonly wheels: readonly LockedWheel[];
}

export interface LockedWheel {
  readonly name: string;
  /** Where the index has it; absent for a file of this machine. */
  readonly url?: string;
  /** Where this machine has it, as written. */
  readonly path?: string;
  /** Bytes. */
  readonly size?: number;
  /** Lower-case hex; absent when the index tells none. */
  readonly sha256?: string;
}

const newerUv = 'Bring uv up to date with `python -m pip install --upgrade uv`';

/** The packages of a lock file (PEP 751); throws AppError PYTHON_FAILED when it is none. */
export function parsePylock(text: string): readonly LockedPackage[] {
  let lock: Table;
  try {
    lock = parse(text);
  } catch (error) {
    throw new AppError('PYTHON_FAILED', 'The lock file of uv cannot be read', {
      cause: error,
      hint: newerUv,
    });
  }
  const packages = tables(lock['packages']);
  if (typeof lock['lock-version'] !== 'string' || !packages) throw notALock('packages');
  return packages.map(packageOf);
}

type Table = Readonly<Record<string, unknown>>;

function packageOf(table: Table): LockedPackage {
  const name = text(table['name']);
  const version = text(table['version']);
  if (name === undefined || version === undefined) throw notALock('name and version');
  const marker = text(table['marker']);
  return {
    name,
    version,
    ...(marker === undefined ? {} : { marker }),
    wheels: (tables(table['wheels']) ?? []).map(wheelOf),
  };
}

function wheelOf(table: Table): LockedWheel {
  const url = text(table['url']);
  const path = text(table['path']);
  const name = text(table['name']) ?? lastSegment(url ?? path ?? '');
  const size = table['size'];
  const hashes = table['hashes'];
  const sha256 = isTable(hashes) ? text(hashes['sha256'])?.toLowerCase() : undefined;
  return {
    name,
    ...(url === undefined ? {} : { url }),
    ...(path === undefined ? {} : { path }),
    ...(typeof size === 'number' ? { size } : {}),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

function lastSegment(address: string): string {
  const path = address.replace(/[?#].*$/, '');
  const segment = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return decodeURIComponent(segment);
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function tables(value: unknown): readonly Table[] | undefined {
  return Array.isArray(value) ? value.filter(isTable) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function notALock(wanted: string): AppError {
  return new AppError('PYTHON_FAILED', 'The lock file of uv is not one that can be used', {
    details: [`Wanted ${wanted} (PEP 751)`, 'Found none'],
    hint: newerUv,
  });
}
