// Zookit as one file: every library in the version that its user has here, where Node will find it, and the same bytes
// whether they lie in Zookit's own folder or, as in an installed Zookit, beside it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { toolArchive, toolLibraries } from '../../src/bundle/tool.js';
import { temporaryFolder } from '../helpers/folder.js';

type Needs = Readonly<Record<string, string>>;

/** Writes a package whose main file prints what it finds. */
function put(folder: string, name: string, version: string, dependencies: Needs = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name, version, license: 'MIT', dependencies }),
  );
  const found = Object.keys(dependencies).map((each) => `${JSON.stringify(each)}: require('${each}')`);
  writeFileSync(join(folder, 'index.js'), `module.exports = ['${version}', { ${found.join(', ')} }];\n`);
}

/** As npm lays it out in a clone: `unzip` needs an older `reader` than Zookit itself. */
function clone(top: string): string {
  const own = join(top, 'clone');
  tool(own);
  libraries(join(own, 'node_modules'));
  return own;
}

/** As npm lays it out where Zookit was installed. */
function installed(top: string): string {
  const own = join(top, 'place', 'node_modules', 'zookit');
  tool(own);
  libraries(dirname(own));
  return own;
}

/** Where another package of the user needs the older one at the top. */
function squeezed(top: string): string {
  const own = join(top, 'squeezed', 'node_modules', 'zookit');
  tool(own);
  put(join(own, 'node_modules', 'reader'), 'reader', '3.4.0');
  const shared = dirname(own);
  put(join(shared, 'reader'), 'reader', '2.10.0', { pend: '1' });
  put(join(shared, 'unzip'), 'unzip', '2.0.1', { reader: '2' });
  put(join(shared, 'pend'), 'pend', '1.0.0');
  put(join(shared, 'unzip', 'node_modules', 'pend'), 'pend', '1.0.0');
  return own;
}

function tool(own: string): void {
  put(own, 'zookit', '0.1.0', { reader: '3', unzip: '2' });
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) writeFileSync(join(own, name), '');
}

function libraries(folder: string): void {
  put(join(folder, 'reader'), 'reader', '3.4.0');
  put(join(folder, 'unzip'), 'unzip', '2.0.1', { reader: '2' });
  put(join(folder, 'unzip', 'node_modules', 'reader'), 'reader', '2.10.0', { pend: '1' });
  put(join(folder, 'pend'), 'pend', '1.0.0');
}

test('a clone and an installed Zookit are the same file, with every library in its version', async (context) => {
  const top = temporaryFolder(context);
  const wanted = ['3.4.0', '2.0.1', '2.10.0', '1.0.0'];
  const first = await toolArchive(clone(top));
  for (const own of [installed(top), squeezed(top)]) {
    assert.ok(first.equals(await toolArchive(own)), own);
    const names = (await toolLibraries(own)).map(({ name, version }) => `${name}@${version}`);
    assert.deepEqual(names, ['pend@1.0.0', 'reader@2.10.0', 'reader@3.4.0', 'unzip@2.0.1']);
  }
  const goal = join(top, 'unpacked');
  mkdirSync(goal);
  assert.equal(spawnSync('tar', ['-xf', '-', '-C', goal], { input: gunzipSync(first) }).status, 0);
  writeFileSync(
    join(goal, 'zookit', 'look.cjs'),
    `const [reader, unzip] = [require('reader'), require('unzip')];
     console.log([reader[0], unzip[0], unzip[1].reader[0], unzip[1].reader[1].pend[0]].join());`,
  );
  const found = spawnSync(process.execPath, [join(goal, 'zookit', 'look.cjs')], { encoding: 'utf8' });
  assert.equal(found.stdout.trim(), wanted.join(), found.stderr);
});
