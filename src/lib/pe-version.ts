// Comes in: the bytes of a Windows program or library. Goes out: the file version that Explorer shows. Pure; reads as far
// as the tables lead and believes no offset that lies outside of the file.
// Format: https://learn.microsoft.com/windows/win32/debug/pe-format, VS_FIXEDFILEINFO.

const versionResource = 16;
const fixedSignature = 0xfeef04bd;
const subfolder = 0x80000000;

/** `10.0.17763.1`; undefined for what is no such file or has no version. */
export function peFileVersion(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const resources = resourceSection(view);
    return resources && versionIn(view, resources);
  } catch (error) {
    // An offset that points behind the end of the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Section {
  /** Where it lies in the file. */
  readonly offset: number;
  /** Where it lies in memory: addresses inside count from the image's beginning. */
  readonly address: number;
}

/** Where the resources lie; undefined when there are none. */
function resourceSection(view: DataView): (Section & { readonly root: number }) | undefined {
  if (view.getUint16(0, true) !== 0x5a4d) return undefined;
  const header = view.getUint32(0x3c, true);
  if (view.getUint32(header, true) !== 0x4550) return undefined;
  const sections = view.getUint16(header + 6, true);
  const optional = header + 24;
  const wide = view.getUint16(optional, true) === 0x20b;
  // The third entry of the data directories, which a 64-bit image has 16 bytes further.
  const address = view.getUint32(optional + (wide ? 112 : 96) + 2 * 8, true);
  if (address === 0) return undefined;
  const table = optional + view.getUint16(header + 20, true);
  for (let index = 0; index < sections; index += 1) {
    const section = table + index * 40;
    const begin = view.getUint32(section + 12, true);
    const size = Math.max(view.getUint32(section + 8, true), view.getUint32(section + 16, true));
    if (address < begin || address >= begin + size) continue;
    const offset = view.getUint32(section + 20, true);
    return { offset, address: begin, root: offset + address - begin };
  }
  return undefined;
}

/** Walks type, name and language; the first name in the first language is what Windows shows too. */
function versionIn(
  view: DataView,
  { root, offset, address }: Section & { root: number },
): string | undefined {
  const type = childOf(view, root, root, (id) => id === versionResource);
  const name = type === undefined ? undefined : childOf(view, root, type, () => true);
  const language = name === undefined ? undefined : childOf(view, root, name, () => true);
  if (language === undefined) return undefined;
  const data = offset + view.getUint32(language, true) - address;
  const end = data + view.getUint32(language + 4, true);
  // The fixed part stands after a header whose key is padded; its signature is the surest mark.
  for (let at = data; at + 16 <= end; at += 4) {
    if (view.getUint32(at, true) !== fixedSignature) continue;
    const [high, low] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
    return [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff].join('.');
  }
  return undefined;
}

/** Where the first fitting entry of a resource folder leads. */
function childOf(
  view: DataView,
  root: number,
  folder: number,
  fits: (id: number) => boolean,
): number | undefined {
  const count = view.getUint16(folder + 12, true) + view.getUint16(folder + 14, true);
  for (let index = 0; index < count; index += 1) {
    const entry = folder + 16 + index * 8;
    if (!fits(view.getUint32(entry, true))) continue;
    const target = view.getUint32(entry + 4, true);
    return root + (target & ~subfolder);
  }
  return undefined;
}
