// Comes in: a pinned closure. Goes out: its `<zk:pythonPackages>` element as text. Knows no feed file.
import type { PackageFile, PinnedPackage } from '../types.js';
import type { PinnedClosure } from './pin.js';

/**
 * The element that `feed/README.md` describes, each line after the first led by `indent`; no line end at its end.
 * `prefix` is the feed's own for our namespace.
 */
export function closureXml(closure: PinnedClosure, indent: string, prefix = 'zk'): string {
  const lines = [
    tag(`${prefix}:pythonPackages`, [['python', closure.python]], '>'),
    ...closure.packages.flatMap((each) => packageLines(each, prefix)),
    `</${prefix}:pythonPackages>`,
  ];
  return lines.join(`\n${indent}`);
}

function packageLines(each: PinnedPackage, prefix: string): readonly string[] {
  const attributes = [
    ['name', each.name],
    ['version', each.version],
    ...(each.marker === undefined ? [] : [['marker', each.marker]]),
  ];
  return [
    `  ${tag(`${prefix}:package`, attributes, '>')}`,
    ...each.files.map((file) => `    ${tag(`${prefix}:file`, fileAttributes(file), '/>')}`),
    `  </${prefix}:package>`,
  ];
}

function fileAttributes(file: PackageFile): readonly (readonly string[])[] {
  const size = file.size === undefined ? [] : [['size', String(file.size)]];
  return [['name', file.name], ...size, ['sha256', file.sha256]];
}

function tag(name: string, attributes: readonly (readonly string[])[], end: string): string {
  return `<${name}${attributes.map(([key = '', value = '']) => ` ${key}="${escape(value)}"`).join('')}${end}`;
}

function escape(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
