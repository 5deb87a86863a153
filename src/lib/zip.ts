// Comes in: a zip and a new folder. Goes out: the folder, filled. The only file that knows yauzl and extract-zip. The whole
// list of entries is read and checked before a byte is written.
import extractZip from 'extract-zip';
import yauzl from 'yauzl';
import type { EntryChecker } from './entry-names.js';
import type { TreeWriter } from './tree-writer.js';
import type { ZipEntry } from './zip-entries.js';
import { writeEntries } from './zip-entries.js';

/**
 * extract-zip makes, looks at and opens each file in turns of the event loop: fine for a template, ten times slower than
 * unzip for a Python with ten thousand files. From here on the entries are written one after the other without turns.
 */
const manyEntries = 500;

/** Unpacks a zip; throws what the checker throws, or what is wrong with the archive. */
export async function extractZipFile(
  archive: string,
  folder: string,
  makeWriter: () => TreeWriter,
  checker: EntryChecker,
  signal?: AbortSignal,
): Promise<void> {
  const entries = await listEntries(archive);
  for (const entry of entries) checker.check(entry);
  if (entries.length < manyEntries) await extractZip(archive, { dir: folder, onEntry: openFolder });
  else await writeEntries(archive, entries, makeWriter(), signal);
}

/**
 * The first file of a zip that each of the names means, in any case, without unpacking the others; the whole list of entries
 * is checked first. Throws for a file of more than `limit` bytes.
 */
export async function readZipFiles(
  archive: string,
  names: readonly string[],
  checker: EntryChecker,
  limit: number,
): Promise<Map<string, Buffer>> {
  const entries = await listEntries(archive);
  for (const entry of entries) checker.check(entry);
  const found = new Map<string, Buffer>();
  for (const name of names) {
    const entry = entries.find((each) => each.type === 'file' && each.name.toLowerCase() === name);
    if (!entry) continue;
    if (entry.size > limit) throw new Error(`entry '${entry.name}' has more than ${limit} bytes`);
    await writeEntries(
      archive,
      [entry],
      keeper((content) => found.set(name, content)),
    );
  }
  return found;
}

/** A writer that keeps one file in memory. */
function keeper(keep: (content: Buffer) => void): TreeWriter {
  const refuse = (): never => {
    throw new Error('it is no file');
  };
  return {
    folder: refuse,
    file: (_, __, content) => keep(Buffer.from(content)),
    open: refuse,
    link: refuse,
    hardLink: refuse,
  };
}

/** A folder that its archive closes to its own owner could not be filled: all of them get ordinary modes. */
function openFolder(entry: Pick<yauzl.Entry, 'fileName' | 'externalFileAttributes'>): void {
  const mode = entry.externalFileAttributes >>> 16;
  const isFolder = entry.fileName.endsWith('/') || (mode & fileTypeMask) === directory;
  if (!isFolder) return;
  entry.externalFileAttributes =
    (((directory | 0o755) << 16) | (entry.externalFileAttributes & 0xffff)) >>> 0;
}

const fileTypeMask = 0o170000;
const directory = 0o040000;
const symbolicLink = 0o120000;

function listEntries(archive: string): Promise<ZipEntry[]> {
  return new Promise((resolve, reject) => {
    // Older .NET has put backslashes between names: they are read as slashes, by extract-zip too, and checked as such.
    yauzl.open(archive, { lazyEntries: true, decodeStrings: true, strictFileNames: false }, (error, zip) => {
      if (error) {
        reject(error);
        return;
      }
      const entries: ZipEntry[] = [];
      zip.on('error', reject);
      zip.on('end', () => resolve(entries));
      zip.on('entry', (entry: yauzl.Entry) => {
        const found = entryOf(entry);
        if (found.type !== 'link') {
          entries.push(found);
          zip.readEntry();
          return;
        }
        readLink(zip, entry).then((target) => {
          entries.push({ ...found, target });
          zip.readEntry();
        }, reject);
      });
      zip.readEntry();
    });
  });
}

function entryOf(entry: yauzl.Entry): ZipEntry {
  const mode = entry.externalFileAttributes >>> 16;
  const isLink = (mode & fileTypeMask) === symbolicLink;
  return {
    name: entry.fileName,
    type: entry.fileName.endsWith('/') ? 'folder' : isLink ? 'link' : 'file',
    size: entry.uncompressedSize,
    mode: mode & 0o777,
    offset: entry.relativeOffsetOfLocalHeader,
    packed: entry.compressedSize,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    encrypted: (entry.generalPurposeBitFlag & 1) !== 0,
  };
}

async function readLink(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<string> {
  if (entry.uncompressedSize > 4096) throw new Error(`entry '${entry.fileName}' is a link of absurd length`);
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  let target = '';
  for await (const part of stream) target += part.toString();
  return target;
}
