// Bytecode in real environments of a real Python: compiled once, taken from the cache the next time, and never believed when
// the source is another one.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { addBytecode } from '../../installers/bytecode.js';
import { distributionsOf, environmentPython } from '../../src/lib/environment.js';
import type { Run } from '../../src/lib/run.js';
import { run } from '../../src/lib/run.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { pythonsHere } from '../helpers/pythons.js';

const [python] = await pythonsHere();
const skip = python === undefined && 'no Python is installed';

const sources: Readonly<Record<string, string>> = {
  'parcel/__init__.py': 'def where():\n    return 1\n',
  'parcel/old.py': "print 'for Python 2'\n",
  'parcel/deep/part.py': 'value = 2\n',
  'alone.py': 'value = 3\n',
};

/** An environment with a distribution `Parcel` as an installer leaves it; returns its site-packages. */
async function environmentWith(
  context: TestContext,
  files = sources,
): Promise<{ folder: string; site: string }> {
  const folder = join(temporaryFolder(context), 'environment');
  const made = await run(python?.path ?? '', ['-m', 'venv', '--without-pip', folder]);
  assert.equal(made.status, 0, made.stderr);
  const version = (python?.version ?? '').split('.').slice(0, 2).join('.');
  const site =
    process.platform === 'win32'
      ? join(folder, 'Lib', 'site-packages')
      : join(folder, 'lib', `python${version}`, 'site-packages');
  const record = [...Object.keys(files), '../../../bin/tool.py', 'parcel-1.0.dist-info/METADATA'];
  const metadata = {
    'parcel-1.0.dist-info/METADATA': 'Name: Parcel\n',
    'parcel-1.0.dist-info/RECORD': record.map((path) => `${path},sha256=x,1\n`).join(''),
  };
  for (const [path, content] of Object.entries({ ...files, ...metadata })) {
    mkdirSync(join(site, path, '..'), { recursive: true });
    writeFileSync(join(site, path), content);
  }
  return { folder, site };
}

/** Runs programs and remembers what was run. */
function recording(calls: string[]): Run {
  return (program, args, options) => {
    calls.push([program, ...args].join(' '));
    return run(program, args, options);
  };
}

const compiled = (site: string): string[] => tree(site).filter((name) => name.endsWith('.pyc'));
const wheel = { name: 'Parcel', sha256: 'a'.repeat(64) };

test('a wheel is compiled once, and the next environment gets the same files', { skip }, async (context) => {
  const toolCache = temporaryFolder(context);
  const calls: string[] = [];
  const first = await environmentWith(context);
  await addBytecode([wheel], { environment: first.folder, run: recording(calls), toolCache });
  assert.equal(calls.length, 1);
  const names = compiled(first.site).map((name) => name.replace(/\.cpython-\d+\.pyc$/, ''));
  assert.deepEqual(names, [
    '__pycache__/alone',
    'parcel/__pycache__/__init__',
    'parcel/deep/__pycache__/part',
  ]);

  const second = await environmentWith(context);
  await addBytecode([wheel], { environment: second.folder, run: recording(calls), toolCache });
  assert.equal(calls.length, 1, 'nothing is compiled again');
  assert.deepEqual(compiled(second.site), compiled(first.site));
  for (const name of compiled(first.site))
    assert.deepEqual(readFileSync(join(second.site, name)), readFileSync(join(first.site, name)), name);
  assert.deepEqual(
    tree(toolCache).filter((name) => name.includes('.zookit-')),
    [],
  );
});

test('it holds for a copy with other file times, and not for another source', { skip }, async (context) => {
  const toolCache = temporaryFolder(context);
  const { folder, site } = await environmentWith(context);
  await addBytecode([wheel], { environment: folder, run, toolCache });
  const importing = async (): Promise<string> => {
    const words = [
      '-v',
      '-B',
      '-c',
      'import parcel; print(parcel.where(), parcel.where.__code__.co_filename)',
    ];
    const { stdout, stderr } = await run(environmentPython(folder), words);
    const used =
      /code object from .*parcel.__pycache__/.test(stderr) || /__pycache__\S* matches .*parcel/.test(stderr);
    return `${stdout.trim()}${used ? ', compiled' : ''}`;
  };
  const source = join(site, 'parcel', '__init__.py');
  utimesSync(source, 1_000_000_000, 1_000_000_000);
  assert.equal(await importing(), `1 ${source}, compiled`);
  writeFileSync(source, 'def where():\n    return 9\n');
  assert.match(await importing(), /^9 /);
});

test(
  'without a cache it is compiled each time; a changed file of that name is replaced',
  { skip },
  async (context) => {
    const { folder, site } = await environmentWith(context);
    await addBytecode([{ name: 'Parcel' }], { environment: folder, run });
    const [name = ''] = compiled(site);
    const good = readFileSync(join(site, name));
    const toolCache = temporaryFolder(context);
    await addBytecode([wheel], { environment: folder, run, toolCache });
    const kept = tree(toolCache).filter((path) => path.endsWith('.pyc'));
    assert.equal(kept.length, 3);
    const other = await environmentWith(context);
    mkdirSync(join(other.site, name, '..'), { recursive: true });
    writeFileSync(join(other.site, name), 'not bytecode');
    await addBytecode([wheel], { environment: other.folder, run, toolCache });
    assert.deepEqual(readFileSync(join(other.site, name)), good);
  },
);

test('what is not installed and what is dead is left alone', { skip }, async (context) => {
  const { folder, site } = await environmentWith(context);
  await addBytecode([{ name: 'Missing', sha256: 'b'.repeat(64) }], { environment: folder, run });
  assert.deepEqual(compiled(site), []);
  await addBytecode([wheel], { environment: join(folder, 'nowhere'), run });
  assert.equal(existsSync(join(folder, 'nowhere')), false);
  const found = (await distributionsOf(folder)).get('parcel');
  assert.deepEqual(found, { version: '1.0', sitePackages: site, folder: 'parcel-1.0.dist-info' });
});
