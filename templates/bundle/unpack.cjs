// Unpacks Zookit out of a bundle with nothing but Node: node unpack.cjs zookit.tar.gz FOLDER. Comes in: a tar.gz of plain
// files, as the export writes it. Goes out: those files below FOLDER. Refuses everything else, names above all.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const block = 512;
const [archive, folder] = process.argv.slice(2);
if (archive === undefined || folder === undefined) refuse('usage: node unpack.cjs ARCHIVE FOLDER');

const bytes = readArchive();
const top = path.resolve(folder);
for (let at = 0; ;) {
  const header = bytes.subarray(at, at + block);
  if (header.length < block) refuse(`'${archive}' ends too early`);
  if (header.every((byte) => byte === 0)) break;
  const entry = readHeader(header);
  const end = at + block + entry.size;
  if (end > bytes.length) refuse(`'${archive}' ends within '${entry.name}'`);
  const goal = placeOf(entry.name);
  fs.mkdirSync(path.dirname(goal), { recursive: true });
  fs.writeFileSync(goal, bytes.subarray(at + block, end), { flag: 'wx', mode: entry.mode });
  at = at + block + Math.ceil(entry.size / block) * block;
}

// What came from the web is marked as such; copies keep the mark. The script has compared the hash of this program by now.
if (process.platform === 'win32') fs.rmSync(`${process.execPath}:Zone.Identifier`, { force: true });

function readArchive() {
  try {
    return zlib.gunzipSync(fs.readFileSync(archive));
  } catch (error) {
    return refuse(`'${archive}' cannot be read: ${error.message}`);
  }
}

/** A header of POSIX.1-1988 (ustar); its sum is made with blanks in the sum's own place. */
function readHeader(header) {
  const text = (from, length) => header.toString('utf8', from, from + length).replace(/\0[^]*$/, '');
  const octal = (from, length) => Number.parseInt(text(from, length).trim(), 8);
  const prefix = text(345, 155);
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  let sum = 0;
  for (let index = 0; index < block; index++) sum += index >= 148 && index < 156 ? 32 : header[index];
  if (sum !== octal(148, 8)) refuse(`the entry '${name}' is damaged`);
  if (header[156] !== 0x30) refuse(`the entry '${name}' is no plain file`);
  return { name, size: octal(124, 12), mode: octal(100, 8) & 0o111 ? 0o755 : 0o644 };
}

/** Plain names only, so that nothing can lie outside of the folder on any system. */
function placeOf(name) {
  const parts = name.split('/');
  const plain = parts.every((part) => !/^\.{0,2}$|[\\:*?"<>|\0-\x1f]|[. ]$/.test(part));
  const goal = path.resolve(top, ...parts);
  if (!plain || parts[0] !== 'zookit' || !goal.startsWith(top + path.sep)) {
    refuse(`the entry '${name}' would lie outside of '${top}'`);
  }
  return goal;
}

function refuse(reason) {
  process.stderr.write(`error: Cannot unpack Zookit: ${reason} (BUNDLE_INVALID)\n`);
  process.exit(3);
}
