// Comes in: a key. Goes out: it and all below, from a file that reg.exe writes in UTF-16. What reg.exe prints is in the code
// page of a console instead: an umlaut becomes another byte, what the code page lacks becomes `?` or a similar letter.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '../lib/run.js';
import type { Variables } from '../lib/windows.js';
import type { RegistryKey, RegistryValue } from './registry-keys.js';
import { collectKeys, valueText } from './registry-keys.js';

export interface ExportRequest {
  readonly run: Run;
  /** The absolute path of reg.exe. */
  readonly program: string;
  /** With the root's long name. */
  readonly key: string;
  readonly view: 64 | 32;
  readonly variables: Variables;
}

/** The key and all below; undefined when there is none, or when a part of it may not be read. */
export async function exportedTree(request: ExportRequest): Promise<readonly RegistryKey[] | undefined> {
  const { run, program, key, view, variables } = request;
  // Of its own, and made by us: nobody else can have put a file there.
  const folder = await mkdtemp(join(tmpdir(), 'zookit-'));
  try {
    const file = join(folder, `${randomUUID()}.reg`);
    const { status } = await run(program, ['export', key, file, '/y', `/reg:${view}`]);
    if (status !== 0) return undefined;
    const bytes = await readFile(file).catch(() => undefined);
    return bytes && parseExport(key, new TextDecoder('utf-16le').decode(bytes), variables);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A key's line, or a value's: its name in quotes or `@`, and a text in quotes or what has none. */
const line =
  /^\[(?<key>[^\r\n]+)\]\r?$|^(?<name>@|"(?:\\.|[^"\\])*")=(?:"(?<text>(?:\\.|[^"\\])*)"|(?<data>[a-z](?:\\\r?\n|[^\r\n])*))\r?$/gmsu;

/** A file of `reg export`, version 5: https://support.microsoft.com/kb/310516. */
export function parseExport(asked: string, text: string, variables: Variables): readonly RegistryKey[] {
  const collected = collectKeys(asked);
  let first: string | undefined;
  for (const { groups = {} } of text.matchAll(line)) {
    const { key, name = '', text: quoted, data } = groups;
    if (key !== undefined) {
      // Its own way to write the asked key may differ, in case or in how it names a view.
      first ??= key;
      collected.open(asked + key.slice(first.length));
    } else {
      const { type, text: found } =
        quoted === undefined ? readData(data ?? '') : { type: 'REG_SZ', text: unescaped(quoted) };
      const plain = name === '@' ? '' : unescaped(name.slice(1, -1));
      collected.add({ name: plain, type, text: valueText(type, found, variables) });
    }
  }
  return collected.keys();
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gsu, '$1');
}

/** The number in `hex(7):` and the type that it means: https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types */
const types: Readonly<Record<string, string>> = {
  '': 'REG_BINARY',
  '(0)': 'REG_NONE',
  '(1)': 'REG_SZ',
  '(2)': 'REG_EXPAND_SZ',
  '(4)': 'REG_DWORD',
  '(5)': 'REG_DWORD_BIG_ENDIAN',
  '(6)': 'REG_LINK',
  '(7)': 'REG_MULTI_SZ',
  '(b)': 'REG_QWORD',
};

function readData(data: string): Pick<RegistryValue, 'type' | 'text'> {
  const [, number] = /^dword:([0-9a-f]{1,8})/i.exec(data) ?? [];
  if (number !== undefined) return { type: 'REG_DWORD', text: String(parseInt(number, 16)) };
  const [, kind = '', digits = ''] = /^hex(\([0-9a-f]+\))?:(.*)$/is.exec(data) ?? [];
  const bytes = Buffer.from(digits.replace(/[^0-9a-f]/gi, ''), 'hex');
  const type = types[kind.toLowerCase()] ?? 'REG_BINARY';
  return { type, text: textOf(type, bytes) };
}

function textOf(type: string, bytes: Buffer): string {
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return bytes.toString('utf16le').replace(/\0.*$/s, '');
    case 'REG_MULTI_SZ':
      return bytes.toString('utf16le').replace(/\0+$/, '').replaceAll('\0', '\\0');
    case 'REG_DWORD':
      return bytes.length === 4 ? String(bytes.readUInt32LE()) : '';
    case 'REG_QWORD':
      return bytes.length === 8 ? String(bytes.readBigUInt64LE()) : '';
    default:
      return bytes.toString('hex').toUpperCase();
  }
}
