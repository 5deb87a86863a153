// Comes in: the folder of a bundle. Goes out: what it is, when every file is what its list says, nothing is missing and
// nothing was added; else BUNDLE_INVALID or SIGNATURE_INVALID naming the file. Nothing in it is used before that.
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { lstat, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import { codeOf, readIfThere } from '../lib/files.js';
import { openHasher } from '../lib/hashing.js';
import { fingerprintOf, parseFingerprint, verify } from '../lib/signing.js';
import { readIndex } from './index-file.js';
import type { BundleIndex } from './layout.js';
import { bundleNames, strayNames } from './layout.js';
import type { Sum } from './sums.js';
import { parseSums } from './sums.js';

export interface VerifyOptions {
  /** The fingerprint that the signing key must have, as somebody typed it; then an unsigned bundle is refused. */
  readonly key?: string;
  readonly signal?: AbortSignal;
  /** Called with the bytes of each file that was right. */
  readonly checked?: (bytes: number) => void;
}

export interface VerifiedBundle {
  /** The folder, absolute. */
  readonly folder: string;
  readonly index: BundleIndex;
  readonly sums: readonly Sum[];
  /** SHA-256 of `SHA256SUMS`: what stands for the whole bundle. */
  readonly digest: string;
  /** Of the key that signed it; absent when it is not signed. */
  readonly fingerprint?: string;
  /** Files that operating systems have left in it; no harm. */
  readonly strays: readonly string[];
  readonly bytes: number;
}

/** Looks at every byte of a bundle. Throws BUNDLE_INVALID, SIGNATURE_INVALID; USAGE for a key that is none. */
export async function verifyBundle(folder: string, options: VerifyOptions = {}): Promise<VerifiedBundle> {
  const list = await readList(folder);
  const digest = createHash('sha256').update(list).digest('hex');
  const fingerprint = await checkSignature(folder, list, options.key);
  const sums = parseSums(list.toString('utf8'), folder);
  const { files, strays } = await filesIn(folder);
  const listed = new Set(sums.map(({ path }) => path));
  const missing = sums.filter(({ path }) => !files.has(path)).map(({ path }) => path);
  if (missing.length > 0) throw invalid(folder, missing, 'is missing', 'are missing');
  const added = [...files].filter((path) => !listed.has(path) && !unlisted.has(path));
  if (added.length > 0) throw invalid(folder, added, 'was added', 'were added');
  const bytes = await checkHashes(folder, sums, options);
  const text = await readFile(join(folder, bundleNames.index), 'utf8').catch(() => '');
  const index = readIndex(text, folder);
  return {
    folder,
    index,
    sums,
    digest,
    strays,
    bytes,
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}

/** The list cannot list itself, and the signature is over the list. */
const unlisted: ReadonlySet<string> = new Set([bundleNames.sums, bundleNames.signature]);

async function readList(folder: string): Promise<Buffer> {
  await refuseSpecial(folder, bundleNames.sums);
  try {
    return await readFile(join(folder, bundleNames.sums));
  } catch (cause) {
    throw new AppError('BUNDLE_INVALID', `'${folder}' is not a bundle: it has no '${bundleNames.sums}'`, {
      cause,
      details: codeOf(cause) === 'ENOENT' ? [] : [messageOf(cause)],
      hint: 'Name the folder that `zookit bundle export` has made',
    });
  }
}

/** What is read before all names were looked at: a link leads elsewhere, and reading a pipe would wait forever. */
async function refuseSpecial(folder: string, name: string): Promise<void> {
  const found = await lstat(join(folder, name)).catch(() => undefined);
  if (found?.isFile() === false) throw invalid(folder, [name], 'is no plain file', 'are no plain files');
}

/** The fingerprint of the key that signed the list; undefined for an unsigned bundle. */
async function checkSignature(
  folder: string,
  list: Buffer,
  typed: string | undefined,
): Promise<string | undefined> {
  const wanted = typed === undefined ? undefined : parseFingerprint(typed);
  if (typed !== undefined && wanted === undefined) {
    throw new AppError('USAGE', `'${typed}' is not a fingerprint`, {
      hint: 'It is `SHA256:` and 64 hex digits, as `zookit bundle export` has printed it',
    });
  }
  for (const name of [bundleNames.signature, bundleNames.key]) await refuseSpecial(folder, name);
  const signature = await readIfThere(join(folder, bundleNames.signature));
  const key = await readIfThere(join(folder, bundleNames.key));
  if (signature === undefined && key === undefined && wanted === undefined) return undefined;
  if (signature === undefined || key === undefined) {
    const name = signature === undefined ? bundleNames.signature : bundleNames.key;
    throw new AppError('SIGNATURE_INVALID', `The bundle '${folder}' is not signed: '${name}' is missing`, {
      ...(wanted === undefined ? {} : { details: [`Wanted a signature by ${wanted}`] }),
      hint: 'Ask who made it for a signed one, or leave `--key` out',
    });
  }
  const fingerprint = fingerprintIn(folder, key);
  if (wanted !== undefined && wanted !== fingerprint) {
    throw new AppError(
      'SIGNATURE_INVALID',
      `The bundle '${folder}' is signed by another key ('signer.pem')`,
      {
        details: [`Wanted ${wanted}`, `Found  ${fingerprint}`],
        hint: 'Do not use it, and tell who gave it to you',
      },
    );
  }
  if (isOneLine(signature) && verify(list, signature, key)) return fingerprint;
  throw new AppError(
    'SIGNATURE_INVALID',
    `'${bundleNames.signature}' of the bundle '${folder}' is not by its key '${bundleNames.key}'`,
    {
      details: [`Key ${fingerprint}`],
      hint: 'Do not use it, and tell who gave it to you',
    },
  );
}

/** Readers of base64 overlook much: a byte that was changed there would be seen by nobody. */
function isOneLine(signature: string): boolean {
  return signature === `${Buffer.from(signature, 'base64').toString('base64')}\n`;
}

/** Throws SIGNATURE_INVALID naming the file when it holds no key. */
function fingerprintIn(folder: string, key: string): string {
  try {
    return fingerprintOf(key);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('SIGNATURE_INVALID', `'${bundleNames.key}' of the bundle '${folder}' is no key`, {
      cause,
      details: cause.details,
      hint: 'Do not use it, and tell who gave it to you',
    });
  }
}

/** All files by their path with `/`, and those that are not ours. Throws BUNDLE_INVALID for a link or a device. */
async function filesIn(folder: string): Promise<{ files: Set<string>; strays: string[] }> {
  const files = new Set<string>();
  const strays: string[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(join(folder, below))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (isStray(entry.name)) strays.push(shown(path));
      else if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) files.add(path);
      else throw invalid(folder, [path], 'is a link or a device', 'are links or devices');
    }
  };
  await visit('');
  return { files, strays };
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What systems and browsers leave, `._name` of macOS too; their names are compared as Windows does. */
function isStray(name: string): boolean {
  return name.startsWith('._') || strayNames.some((stray) => stray.toLowerCase() === name.toLowerCase());
}

/** Hashes side by side, the largest first, so that no thread is left alone with one at the end. */
async function checkHashes(folder: string, sums: readonly Sum[], options: VerifyOptions): Promise<number> {
  const sized = await Promise.all(
    sums.map(async (sum) => ({ ...sum, bytes: (await stat(join(folder, sum.path))).size })),
  );
  const hasher = openHasher();
  const changed: string[] = [];
  try {
    await Promise.all(
      sized
        .sort((a, b) => b.bytes - a.bytes)
        .map(async ({ path, sha256, bytes }) => {
          const found = await hasher.hash(join(folder, path)).catch((error: unknown) => {
            throw options.signal?.aborted ? stopped(error) : unreadable(folder, path, error);
          });
          if (found.sha256 !== sha256) changed.push(path);
          else options.checked?.(bytes);
          if (options.signal?.aborted) throw stopped();
        }),
    );
  } finally {
    await hasher.close();
  }
  if (changed.length > 0)
    throw invalid(folder, changed.sort(), 'is not what its hash says', 'are not what their hashes say');
  return sized.reduce((sum, { bytes }) => sum + bytes, 0);
}

function stopped(cause?: unknown): AppError {
  return new AppError('INTERRUPTED', 'Stopped while checking the bundle', { cause });
}

function unreadable(folder: string, path: string, cause: unknown): AppError {
  return new AppError('BUNDLE_INVALID', `'${path}' of the bundle '${folder}' cannot be read`, {
    cause,
    details: [messageOf(cause)],
    hint: 'Copy the bundle anew: the medium may be damaged',
  });
}

/** A name as a terminal may show it: whoever adds a file must not be able to write there what he likes. */
function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, '?');
}

function invalid(folder: string, paths: readonly string[], one: string, many: string): AppError {
  const [first = '', ...others] = paths.map(shown);
  const what = paths.length === 1 ? `'${first}' ${one}` : `'${first}' and ${paths.length - 1} more ${many}`;
  return new AppError('BUNDLE_INVALID', `The bundle '${folder}' cannot be used: ${what}`, {
    details: others.slice(0, 9),
    hint: 'Do not use it; copy it anew from where it was made',
  });
}
