// Comes in: a `zk:pythonPackages` element. Goes out: pinned distributions with the files of all platforms. Names and
// versions end up on the command lines of pip and uv, so only what PEP 508 and PEP 440 allow passes. Chooses nothing.
import type { XmlElement } from '../lib/xml.js';
import type { InstallerAction, PackageFile, PinnedPackage } from '../types.js';
import { resolveAddress } from './address.js';
import { additions, attributeOf, warn } from './element.js';
import { readHash } from './file.js';
import type { Reading } from './element.js';

/** https://packaging.python.org/en/latest/specifications/name-normalization/#name-format */
const distributionName = /^[A-Z0-9]([A-Z0-9._-]*[A-Z0-9])?$/i;
const versionText = /^[A-Z0-9][A-Z0-9.!+_-]*$/i;
/** Wheels and source archives; a plain name, because it becomes one in the cache. */
const fileName = /^[^\\/:*?"<>|\s]+\.(whl|tar\.gz|zip)$/i;

/** The action of an installer of Python packages; undefined, with a warning, when its list cannot be used whole. */
export function readPythonPackages(reading: Reading, element: XmlElement): InstallerAction | undefined {
  const packages = additions(element, 'package').map((each) => readPackage(reading, each));
  if (packages.length === 0) warn(reading, element, "'zk:pythonPackages' without a package");
  const usable = packages.length > 0 && packages.every((each) => each !== undefined);
  return usable ? { kind: 'python', python: attributeOf(element, 'python') ?? '', packages } : undefined;
}

function readPackage(reading: Reading, element: XmlElement): PinnedPackage | undefined {
  const name = attributeOf(element, 'name') ?? '';
  const version = attributeOf(element, 'version') ?? '';
  if (!distributionName.test(name) || !versionText.test(version)) {
    warn(reading, element, `'${name}' '${version}' is no name and version of a Python distribution`);
    return undefined;
  }
  const marker = attributeOf(element, 'marker');
  return {
    name,
    version,
    ...(marker ? { marker } : {}),
    files: additions(element, 'file').flatMap((file) => readPackageFile(reading, file) ?? []),
  };
}

function readPackageFile(reading: Reading, element: XmlElement): PackageFile | undefined {
  const name = attributeOf(element, 'name') ?? '';
  const sha256 = readHash(reading, element, attributeOf(element, 'sha256'), 64);
  if (!fileName.test(name) || !sha256) {
    warn(reading, element, `file '${name}' needs the name of a wheel or source archive, and a sha256`);
    return undefined;
  }
  const size = Number(attributeOf(element, 'size') ?? '');
  const href = attributeOf(element, 'href');
  const url = href === undefined ? undefined : resolveAddress(reading.base, href);
  if (href !== undefined && !url) warn(reading, element, `'${href}' is no address`);
  return {
    name,
    sha256,
    ...(Number.isInteger(size) && size > 0 ? { size } : {}),
    ...(url ? { url } : {}),
  };
}
