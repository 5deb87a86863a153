// Comes in: a version. Goes out: the smallest Windows program that has it: one section, one resource. Written after the
// format's description, not with the code under test.

/** A 64-bit (or 32-bit) image whose only content is its version resource. */
export function makeExecutable([a, b, c, d]: readonly [number, number, number, number], wide = true): Buffer {
  const bytes = Buffer.alloc(0x600);
  const pe = 0x80;
  const optionalSize = wide ? 240 : 224;
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(pe, 0x3c);
  bytes.write('PE\0\0', pe, 'latin1');
  bytes.writeUInt16LE(1, pe + 6);
  bytes.writeUInt16LE(optionalSize, pe + 20);
  const optional = pe + 24;
  bytes.writeUInt16LE(wide ? 0x20b : 0x10b, optional);
  const [address, offset] = [0x3000, 0x400];
  bytes.writeUInt32LE(address, optional + (wide ? 112 : 96) + 16);
  const section = optional + optionalSize;
  bytes.write('.rsrc', section, 'latin1');
  bytes.writeUInt32LE(0x200, section + 8);
  bytes.writeUInt32LE(address, section + 12);
  bytes.writeUInt32LE(0x200, section + 16);
  bytes.writeUInt32LE(offset, section + 20);
  // Three levels of folders with one entry each: type 16, name 1, language 1033.
  [16, 1, 1033].forEach((id, level) => {
    const folder = offset + level * 24;
    bytes.writeUInt16LE(1, folder + 14);
    bytes.writeUInt32LE(id, folder + 16);
    bytes.writeUInt32LE(level < 2 ? (0x80000000 | ((level + 1) * 24)) >>> 0 : 72, folder + 20);
  });
  bytes.writeUInt32LE(address + 0x60, offset + 72);
  bytes.writeUInt32LE(92, offset + 76);
  const data = offset + 0x60;
  bytes.writeUInt16LE(92, data);
  bytes.writeUInt16LE(52, data + 2);
  bytes.write('VS_VERSION_INFO\0', data + 6, 'utf16le');
  const fixed = data + 40;
  bytes.writeUInt32LE(0xfeef04bd, fixed);
  bytes.writeUInt32LE(a * 0x10000 + b, fixed + 8);
  bytes.writeUInt32LE(c * 0x10000 + d, fixed + 12);
  return bytes;
}
