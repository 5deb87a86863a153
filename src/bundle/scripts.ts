// Comes in: the index of a bundle. Goes out: the files that make it run on a bare machine: the two scripts that check and
// install, the unpacker, the page for the administrator. They are real files below templates/bundle; only gaps are filled.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.js';
import { fillIn } from '../lib/template.js';
import { sizeText } from '../lib/terminal.js';
import type { BundleIndex } from './layout.js';
import { bundleNames } from './layout.js';

export interface ScriptFile {
  /** Below the bundle. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** The oldest C library that Node 22 runs with (its BUILDING.md). */
const nodeGlibc = '2.28';

/** What goes to the bundle's top and into `tool/`; `folder` is where the files of templates/bundle lie. */
export async function scriptFiles(index: BundleIndex, folder: string): Promise<ScriptFile[]> {
  const values = new Map([
    ['Zookit', index.zookit],
    ['Targets', index.targets.map(({ name, python }) => `${name} (Python ${python})`).join(', ')],
    ['Products', productLines(index)],
    ['Needs', needLines(index)],
    ['Pythons', neededPythons(index).join(' ')],
    ['Glibc', nodeGlibc],
  ]);
  const file = async (name: string, path: string, ending: '\n' | '\r\n'): Promise<ScriptFile> => {
    const text = fillIn(await readFile(join(folder, name), 'utf8'), 'plain.txt', values);
    const lines = text.replaceAll('\r\n', '\n').replaceAll('\n', ending);
    return { path, content: Buffer.from(lines), executable: path === bundleNames.installSh };
  };
  return [
    // cmd.exe loses its place in a batch file with Unix line ends.
    await file('install.cmd', bundleNames.installCmd, '\r\n'),
    await file('install.sh', bundleNames.installSh, '\n'),
    await file('README.txt', bundleNames.readme, '\r\n'),
    await file('unpack.cjs', bundleNames.unpacker, '\n'),
  ];
}

/** `linux-x64:3.13`; a shell reads it, so nothing else may be in it. */
function neededPythons({ needs }: BundleIndex): string[] {
  return needs
    .filter(({ kind }) => kind === 'python')
    .map(({ target, name }) => {
      const minor = /\b3\.\d+/.exec(name)?.[0];
      if (minor !== undefined && /^[a-z0-9-]+$/.test(target)) return `${target}:${minor}`;
      throw new AppError('BUNDLE_INVALID', `'${name}' for '${target}' is not a version of Python`, {
        hint: 'Make the bundle anew with `zookit bundle export`',
      });
    });
}

function productLines({ products }: BundleIndex): string {
  const lines = products.map(
    ({ id, version, title, bytes, license }) =>
      `  ${id} ${version}  ${title}${bytes > 0 ? `, ${sizeText(bytes)}` : ''}${license === '' ? '' : `  (${license})`}`,
  );
  return lines.length > 0 ? lines.join('\n') : '  nothing';
}

function needLines({ needs }: BundleIndex): string {
  const words = { feature: 'the Windows feature', python: 'Python', system: 'the package of the system' };
  const lines = needs.map(({ target, kind, name }) => `  ${target}: ${words[kind]} ${name}`);
  return lines.length > 0 ? lines.join('\n') : '  nothing';
}
