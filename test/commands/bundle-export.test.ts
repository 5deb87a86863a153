// `zookit bundle export`: what is in a bundle for a machine that is not this one, and what is not. Whole commands, a feed of
// small wheels.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseFeed } from '../../src/feed/parse.js';
import { bundleWorld, exportWords, wheelsIn } from '../helpers/bundle-world.js';
import { entryXml, feedXml } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { askPackaging } from '../helpers/packaging.js';
import { assertDone, json } from '../helpers/zookit.js';

/** What the target's own `packaging` says of the wheels and markers of the cut feed. */
function acceptedBy(
  folder: string,
  platform: readonly string[],
  marker: Readonly<Record<string, string>>,
): void {
  const feed = parseFeed(
    readFileSync(join(folder, 'feed', 'feed.xml'), 'utf8'),
    join(folder, 'feed', 'feed.xml'),
  );
  const packages = feed.entries.flatMap(({ installers }) =>
    installers.flatMap(({ action }) => (action.kind === 'python' ? action.packages : [])),
  );
  assert.ok(packages.length > 0);
  const answer = askPackaging(
    `
from itertools import chain
try:
    from packaging.utils import parse_wheel_filename
except ImportError:
    from pip._vendor.packaging.utils import parse_wheel_filename
fits = set(chain(tags.cpython_tags((3, 13), ["cp313"], question["platform"]), tags.compatible_tags((3, 13), "cp313", question["platform"])))
answer = []
for each in question["packages"]:
    needed = "marker" not in each or markers.Marker(each["marker"]).evaluate(question["marker"])
    good = [f["name"] for f in each["files"] if fits & parse_wheel_filename(f["name"])[3]]
    answer.append([each["name"], needed, len(good) > 0])
`,
    { platform, packages, marker },
  ) as [string, boolean, boolean][] | undefined;
  if (answer === undefined) return;
  for (const [name, needed, has] of answer) assert.equal(has, needed, `${name} for ${platform.join()}`);
}

const windows = {
  sys_platform: 'win32',
  os_name: 'nt',
  platform_system: 'Windows',
  platform_machine: 'AMD64',
};

test('a bundle for Windows has the wheels of Windows and its Python, wherever it is made', async (context) => {
  const { make, zookit } = bundleWorld(context);
  const out = join(zookit.work, 'bundle');
  const told = await make(out, 'Site', '--platform', 'windows-x64');
  assert.deepEqual(wheelsIn(out), [
    'colorama-1.0-py3-none-any.whl',
    'native-1.0-cp313-cp313-win_amd64.whl',
    'tool-1.0-py3-none-any.whl',
  ]);
  assert.ok(tree(out).some((name) => name.endsWith('/python.zip')));
  acceptedBy(out, ['win_amd64'], { ...windows, python_version: '3.13', python_full_version: '3.13.1' });
  assert.deepEqual(told['needs'], []);
  assertDone(await zookit.run(['bundle', 'verify', out]));
});

test('a project for Windows is told of the product that makes it a site there', async (context) => {
  const { make, zookit } = bundleWorld(context);
  const more = join(zookit.work, 'more.xml');
  writeFileSync(more, feedXml(entryXml('InIis', '1.0', { installers: '<installer><zk:iis/></installer>' })));
  const warnings = async (...words: readonly string[]): Promise<string> =>
    String((await make(`for-${words.length}`, ...words, '--feed', more))['warnings']);
  assert.match(await warnings('Site', '--platform', 'windows-x64'), /`new --iis`\) the bundle needs 'InIis'/);
  assert.equal(await warnings('Site', 'InIis', '--platform', 'windows-x64'), '');
});

test('a bundle for Linux needs a Python there and says so', async (context) => {
  const { make, zookit } = bundleWorld(context);
  const out = join(zookit.work, 'bundle');
  const told = await make(out, 'Site', '--platform', 'linux-x64');
  assert.deepEqual(wheelsIn(out), [
    'native-1.0-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    'tool-1.0-py3-none-any.whl',
    'uvloop-1.0-cp313-cp313-manylinux_2_17_x86_64.whl',
  ]);
  assert.deepEqual(told['needs'], [{ target: 'linux-x64', kind: 'python', name: '3.13' }]);
  assert.match(String(told['warnings']), /Python 3\.13 must be there/);
  const other = await make(
    join(zookit.work, 'other'),
    'Tool',
    '--platform',
    'windows-x64',
    '--python',
    '3.12',
  );
  assert.deepEqual(other['needs'], [{ target: 'windows-x64', kind: 'python', name: '3.12' }]);
  assert.ok(wheelsIn(join(zookit.work, 'other')).includes('native-1.0-cp312-cp312-win_amd64.whl'));
});

test('one bundle for several machines holds the files of all, and each plans as from the whole feed', async (context) => {
  const { make, feed, zookit } = bundleWorld(context);
  const out = join(zookit.work, 'bundle');
  await make(out, 'Site', 'Server', '--platform', 'windows-x64', '--platform', 'linux-x64');
  assert.equal(wheelsIn(out).length, 5);
  const plan = async (main: string): Promise<unknown> => {
    const words = ['plan', 'Site', 'Server', '--platform', 'windows-x64', '--main-feed', main, '--json'];
    const { steps } = json(await zookit.run(words));
    // Where files are fetched from, and their sizes where the feed told none, is what a bundle changes.
    const changed = ['bytes', 'downloads'];
    return (steps as object[]).map((step) =>
      Object.fromEntries(Object.entries(step).filter(([key]) => !changed.includes(key))),
    );
  };
  assert.deepEqual(await plan(join(out, 'feed', 'feed.xml')), await plan(feed));
});

test('the cut feed installs by itself, from its own files alone', async (context) => {
  const { make, zookit } = bundleWorld(context);
  const out = join(zookit.work, 'bundle');
  await make(out, 'Server', '--platform', 'linux-x64');
  rmSync(zookit.root, { recursive: true });
  const main = join(out, 'feed', 'feed.xml');
  assertDone(
    await zookit.run(['install', 'Server', '--yes', '--accept-eula', '--offline', '--main-feed', main]),
  );
  assert.equal(readFileSync(join(zookit.root, 'workers', 'below', 'two.py'), 'utf8'), 'two = 2\n');
});

test('an answer brings its product, all alternatives bring every one', async (context) => {
  const { make, zookit } = bundleWorld(context);
  const choices = (out: string): string => readFileSync(join(zookit.work, out, 'feed', 'feed.xml'), 'utf8');
  await make('plain', 'Site', '--platform', 'windows-x64');
  assert.doesNotMatch(choices('plain'), /Driver|value="some"/);
  await make('answered', 'Site', '--platform', 'windows-x64', '--param', 'Database=some');
  assert.match(choices('answered'), /<productId>Driver/);
  const all = await make('all', 'Site', 'Server', '--platform', 'windows-x64', '--all-alternatives');
  const ids = (all['products'] as { id: string }[]).map(({ id }) => id);
  for (const id of ['Driver', 'Feature', 'Other']) assert.ok(ids.includes(id), `${id} of ${ids.join()}`);
  assert.deepEqual(all['needs'], [{ target: 'windows-x64', kind: 'feature', name: 'IIS-CGI' }]);
  const wrong = await zookit.run(exportWords('x', 'y', ['Site', '--param', 'Databse=some']));
  assert.notEqual(wrong.status, 0);
});

test('what has no wheel for the target is refused by name, with what there is', async (context) => {
  const { feed, zookit } = bundleWorld(context);
  const refused = async (...words: string[]): Promise<string> => {
    const ran = await zookit.run(exportWords(feed, 'bundle', words).filter((word) => word !== '--json'));
    assert.equal(ran.status, 3, ran.stderr);
    return ran.stderr;
  };
  assert.match(
    await refused('Source', '--platform', 'linux-x64'),
    /source 1\.0 has no wheel for linux-x64 with Python 3\.13; there is source-1\.0\.tar\.gz/,
  );
  assert.match(
    await refused('Tool', '--platform', 'windows-arm64'),
    /native 1\.0 has no wheel for windows-arm64/,
  );
  assert.equal(existsSync(join(zookit.work, 'bundle')), false);
});

test('what only another choice lacks is no reason why a bundle cannot be', async (context) => {
  const { zookit } = bundleWorld(context);
  const refused = async (...words: string[]): Promise<string> => {
    const ran = await zookit.run(['bundle', 'export', ...words, '--no-runtime', '--out', 'bundle']);
    assert.equal(ran.status, 3, ran.stderr);
    return ran.stderr;
  };
  const old = await refused('DjangoProject', '--platform', 'linux-x64', '--python', '3.7');
  assert.match(old, /needs Python [^]*hint: Choose another `--python`/);
  assert.doesNotMatch(old, /has no wheel/);
  const driver = await refused('DjangoProject', 'psycopg', '--platform', 'windows-arm64');
  assert.match(driver, /psycopg-binary \S+ has no wheel for windows-arm64/);
  assert.doesNotMatch(driver, /cryptography|oracledb/);
});

test('what a probe has seen stays out', async (context) => {
  const { make, feed, zookit } = bundleWorld(context);
  const probed = {
    probe: 1,
    made: '2026-01-01T00:00:00Z',
    zookit: '0.1.0',
    platform: { os: 'windows', arch: 'x64', osVersion: '10.0.20348', edition: 'server' },
    admin: true,
    environment: { directory: 'C:\\env' },
    pythons: [{ version: '3.13.4', place: 'machine', path: 'C:\\python\\python.exe' }],
    presences: { python: [{ version: '3.13.4', place: 'machine', path: 'C:\\python\\python.exe' }] },
    systemPackages: [],
  };
  writeFileSync(join(zookit.work, 'probe.json'), JSON.stringify(probed));
  const told = await make('bundle', 'Tool', '--for', 'probe.json');
  const ids = (told['products'] as { id: string }[]).map(({ id }) => id);
  assert.deepEqual(ids, ['Tool']);
  assert.deepEqual(told['needs'], []);
  assert.equal(
    tree(join(zookit.work, 'bundle')).some((name) => name.endsWith('python.zip')),
    false,
  );
  // Still in the feed, so that it is found there.
  assert.match(readFileSync(join(zookit.work, 'bundle', 'feed', 'feed.xml'), 'utf8'), /<productId>Python</);
  const both = await zookit.run(
    exportWords(feed, 'x', ['Tool', '--for', 'probe.json', '--platform', 'linux-x64']),
  );
  assert.equal(both.status, 2);
});
