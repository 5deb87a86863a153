// Comes in: the folder of a whole bundle and its paths. Goes out: the same as one zip, stored without packing, the same bytes
// for the same files: every system unpacks it with what it has. Format: APPNOTE.TXT 6.3.10, with its 64-bit records.
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** The one folder inside: unpacked, the bundle does not mix with what else lies there. */
export const archiveTop = 'zookit-bundle';

interface Packed {
  readonly name: Buffer;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
  readonly mode: number;
}

/** What 32 bits cannot hold stands in a record of its own. */
const limit = 0xffffffff;
/** 1980-01-01, the first day that a zip knows. */
const day = 0x21;
/** Names are UTF-8. */
const flags = 0x800;
const version = 45;
const unix = 3;

/** Writes the zip; `paths` are sorted by it. The file must not be there. */
export async function writeZip(
  target: string,
  folder: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const file = await open(target, 'wx', 0o644);
  try {
    const packed: Packed[] = [];
    let offset = 0;
    for (const path of [...paths].sort()) {
      signal?.throwIfAborted();
      const entry = await writeEntry(file, offset, join(folder, path), `${archiveTop}/${path}`, signal);
      packed.push(entry.packed);
      offset = entry.end;
    }
    const list = Buffer.concat(packed.map(centralHeader));
    await writeAll(file, Buffer.concat([list, endRecords(packed.length, list.length, offset)]), offset);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether a file begins as those that `writeZip` makes. */
export async function isBundleArchive(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    if (bytesRead < 64 || buffer.readUInt32LE(0) !== 0x04034b50) return false;
    return buffer.subarray(30, 31 + archiveTop.length).toString('latin1') === `${archiveTop}/`;
  } finally {
    await file.close();
  }
}

/** The bytes first, then the header before them: only now their checksum is known. */
async function writeEntry(
  file: FileHandle,
  offset: number,
  path: string,
  entryName: string,
  signal: AbortSignal | undefined,
): Promise<{ packed: Packed; end: number }> {
  const source = await open(path);
  try {
    const { size, mode } = await stat(path);
    const name = Buffer.from(entryName);
    const start = offset + 30 + name.length + (size >= limit ? 20 : 0);
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    let [crc, done] = [0, 0];
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await source.read(buffer, 0, buffer.length, done);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      crc = crc32(chunk, crc);
      await writeAll(file, chunk, start + done);
      done += bytesRead;
    }
    if (done !== size) throw new Error(`'${path}' changed while it was read`);
    const packed = { name, size, crc, offset, mode: (mode & 0o100) === 0 ? 0o100644 : 0o100755 };
    await writeAll(file, localHeader(packed), offset);
    return { packed, end: start + size };
  } finally {
    await source.close();
  }
}

/** 4.3.7 */
function localHeader({ name, size, crc }: Packed): Buffer {
  const large = size >= limit;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(day, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(large ? limit : size, 18);
  header.writeUInt32LE(large ? limit : size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(large ? 20 : 0, 28);
  return Buffer.concat([header, name, ...(large ? [wide([size, size])] : [])]);
}

/** 4.3.12 */
function centralHeader({ name, size, crc, offset, mode }: Packed): Buffer {
  const values = [...(size >= limit ? [size, size] : []), ...(offset >= limit ? [offset] : [])];
  const extra = values.length > 0 ? wide(values) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((unix << 8) | version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(day, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(Math.min(size, limit), 20);
  header.writeUInt32LE(Math.min(size, limit), 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE((mode << 16) >>> 0, 38);
  header.writeUInt32LE(Math.min(offset, limit), 42);
  return Buffer.concat([header, name, extra]);
}

/** 4.5.3 */
function wide(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return extra;
}

/** 4.3.14 to 4.3.16; the wide ones only where they are needed. */
function endRecords(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE((unix << 8) | version, 12);
  record.writeUInt16LE(version, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(size, limit), 12);
  end.writeUInt32LE(Math.min(offset, limit), 16);
  const needed = count >= 0xffff || offset >= limit || size >= limit;
  return needed ? Buffer.concat([record, locator, end]) : end;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
