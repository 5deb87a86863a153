// Comes in: entries with any names and types. Goes out: the bytes of a zip or tar.gz, as hostile as wanted: no library
// would write most of these.
import { crc32, gzipSync } from 'node:zlib';

export interface TestEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly type?: 'file' | 'folder' | 'link' | 'hardlink' | 'device';
  readonly target?: string;
  readonly mode?: number;
}

/** A zip, stored without compression (APPNOTE.TXT 4.3). */
export function makeZip(entries: readonly TestEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const data = Buffer.from(entry.type === 'link' ? (entry.target ?? '') : (entry.content ?? ''));
    const type = entry.type === 'link' ? 0o120000 : entry.type === 'folder' ? 0o040000 : 0o100000;
    const attributes = ((type | (entry.mode ?? 0o644)) << 16) >>> 0;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt32LE(crc32(data), 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(data.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(attributes, 38);
    central.writeUInt32LE(offset, 42);
    bodies.push(local, name, data);
    directory.push(central, name);
    offset += local.length + name.length + data.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, list, end]);
}

const tarTypes = { file: '0', hardlink: '1', link: '2', device: '3', folder: '5' } as const;

/** A tar.gz of ustar headers (POSIX.1-1988). */
export function makeTarGz(entries: readonly TestEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const entry of entries) {
    const type = entry.type ?? 'file';
    const data = Buffer.from(type === 'file' ? (entry.content ?? '') : '');
    const header = Buffer.alloc(512);
    header.write(entry.name, 0, 100);
    header.write(octal(entry.mode ?? (type === 'folder' ? 0o755 : 0o644), 7), 100);
    header.write(octal(0, 7), 108);
    header.write(octal(0, 7), 116);
    header.write(octal(data.length, 11), 124);
    header.write(octal(0, 11), 136);
    header.write('        ', 148);
    header.write(tarTypes[type], 156);
    header.write(entry.target ?? '', 157, 100);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${octal(sum, 6)}\u0000 `, 148);
    blocks.push(header, data, Buffer.alloc((512 - (data.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, '0');
}
