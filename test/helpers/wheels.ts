// Comes in: the name and version of a distribution. Goes out: a wheel with one module that knows its version, as pip and uv
// take it. Format: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
import { createHash } from 'node:crypto';
import { makeZip } from './archives.js';
import { entryXml, needs, sha256 } from './feed-xml.js';

export interface Wheel {
  readonly file: string;
  readonly bytes: Buffer;
}

/** A pure wheel; its module is the name in lower case, `more` files come with it. */
export function makeWheel(name: string, version: string, more: Readonly<Record<string, string>> = {}): Wheel {
  const info = `${name}-${version}.dist-info`;
  const files = {
    [`${name.toLowerCase()}.py`]: `version = "${version}"\n`,
    ...more,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const record = Object.entries(files).map(
    ([path, text]) =>
      `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${Buffer.byteLength(text)}`,
  );
  const all = { ...files, [`${info}/RECORD`]: [...record, `${info}/RECORD,,`, ''].join('\n') };
  const entries = Object.entries(all).map(([path, content]) => ({ name: path, content }));
  return { file: `${name}-${version}-py3-none-any.whl`, bytes: makeZip(entries) };
}

/** A product whose packages are these wheels; found in an environment by the first one. */
export function packageXml(id: string, version: string, ...wheels: readonly Wheel[]): string {
  const packages = wheels.map(({ file, bytes }) => {
    const [name = '', pinned = ''] = file.split('-');
    return `<zk:package name="${name}" version="${pinned}"><zk:file name="${file}" sha256="${sha256(bytes)}"/></zk:package>`;
  });
  const distribution = wheels[0]?.file.split('-')[0] ?? id;
  return entryXml(id, version, {
    needs: needs('Python@>=3.8'),
    more: `<zk:environment/><discoveryHint><zk:pythonPackage name="${distribution}"/></discoveryHint>`,
    installers: `<installer><zk:pythonPackages python="&gt;=3.8">${packages.join('')}</zk:pythonPackages></installer>`,
  });
}
