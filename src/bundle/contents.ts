// Comes in: what is inside a bundle. Goes out: the list of contents in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/),
// the same text for the same contents: no serial number, no time. Reads no file.

/** A part of the bundle as the list tells it. */
export interface Content {
  readonly kind: 'product' | 'package' | 'runtime' | 'library' | 'tool';
  /** As people know it: `Django`, `Python 3.13`. */
  readonly name: string;
  readonly version: string;
  /** A package URL (`pkg:pypi/django@5.2.8`), for what scanners know. */
  readonly purl?: string;
  /** An SPDX expression, the name of a licence, or the address of its text; absent when nobody tells. */
  readonly license?: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

interface Component {
  readonly type: 'application' | 'library' | 'file' | 'platform';
  readonly 'bom-ref'?: string;
  readonly name: string;
  readonly version?: string;
  readonly hashes?: readonly { readonly alg: 'SHA-256'; readonly content: string }[];
  readonly licenses?: readonly unknown[];
  readonly purl?: string;
  readonly components?: readonly Component[];
}

/** The list as text, sorted by kind, name and version. */
export function contentsText(contents: readonly Content[], bundleName: string): string {
  const components = contents
    .map((content) => ({ reference: referenceOf(content), content }))
    .sort((a, b) => (a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0))
    .filter(({ reference }, index, all) => all[index - 1]?.reference !== reference)
    .map(({ content, reference }) => componentOf(content, reference));
  const list = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': 'bundle', name: bundleName } },
    components,
  };
  return `${JSON.stringify(list, null, 1)}\n`;
}

/** `pkg:pypi/name@version`, the name normalized (https://github.com/package-url/purl-spec, type pypi). */
export function pypiUrl(name: string, version: string): string {
  return `pkg:pypi/${name.toLowerCase().replace(/[-_.]+/g, '-')}@${encodeURIComponent(version)}`;
}

/** `pkg:npm/name@version`, a scope with its at-sign escaped. */
export function npmUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
}

function referenceOf({ kind, name, version, purl }: Content): string {
  return purl ?? `${kind}:${name}@${version}`;
}

const types: Readonly<Record<Content['kind'], Component['type']>> = {
  product: 'application',
  package: 'library',
  runtime: 'platform',
  library: 'library',
  tool: 'application',
};

function componentOf({ kind, name, version, purl, license, files }: Content, reference: string): Component {
  const [only, ...more] = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const licenses = license === undefined || license === '' ? undefined : [licenseOf(license)];
  return {
    type: types[kind],
    'bom-ref': reference,
    name,
    ...(version === '' ? {} : { version }),
    ...(only && more.length === 0 ? { hashes: hashesOf(only.sha256) } : {}),
    ...(licenses ? { licenses } : {}),
    ...(purl === undefined ? {} : { purl }),
    ...(only && more.length > 0
      ? {
          components: [only, ...more].map((file) => ({
            type: 'file' as const,
            name: file.name,
            hashes: hashesOf(file.sha256),
          })),
        }
      : {}),
  };
}

function hashesOf(sha256: string): NonNullable<Component['hashes']> {
  return [{ alg: 'SHA-256', content: sha256 }];
}

/** An expression where it reads as one (`MIT`, `MIT OR Apache-2.0`), else the name of a licence, or its address. */
function licenseOf(license: string): unknown {
  if (/^https?:\/\//i.test(license)) return { license: { name: 'see the address', url: license } };
  const id = /^[A-Za-z0-9][A-Za-z0-9.+-]*$/;
  const words = license
    .replace(/[()]/g, ' ')
    .split(/\s+(?:AND|OR|WITH)\s+/)
    .map((word) => word.trim());
  return words.every((word) => id.test(word) && /[\d.-]|^[A-Z]+$/.test(word))
    ? { expression: license }
    : { license: { name: license } };
}
