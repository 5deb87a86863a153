// From one end to the other: a bundle made here with the real index, carried to a server that has neither network nor Node
// nor pip, installed there, and a site made and visited there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { thisPlatform } from '../../src/catalog/platform.js';
import type { FoundPython } from '../../src/catalog/pythons.js';
import { programOnPath } from '../../src/lib/programs.js';
import { satisfies } from '../../src/lib/version.js';
import type { BareServer } from '../helpers/bare-server.js';
import { bareServer, bareServerMissing } from '../helpers/bare-server.js';
import { feedXml, sha256File } from '../helpers/feed-xml.js';
import { pythonsHere } from '../helpers/pythons.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, json, zookitWorld } from '../helpers/zookit.js';

const pythons = (await pythonsHere()).filter(({ version }) => satisfies(version, '>=3.11 <3.15'));
const [python] = pythons;
/** One that lies in a folder of its own: its copy runs anywhere. */
const portable = pythons.find(({ path }) => !dirname(path).startsWith('/usr'));
const npm = (await programOnPath('npm', process.env['PATH'] ?? '')) ?? '';
const skip =
  bareServerMissing || (!python && 'no Python from 3.11 on is installed') || (npm === '' && 'npm is missing');
const products = ['DjangoProject', 'Pillow', 'psycopg'];

test('a server with a Python: installed, a project made and served', { skip }, async (context) => {
  if (!python) return;
  const zookit = exporter(context, python);
  const out = join(zookit.work, 'bundle');
  const made = await zookit.run([
    'bundle',
    'export',
    ...products,
    ...targetWords(python),
    '--out',
    out,
    '--json',
  ]);
  assertDone(made);
  const server = bareServer(context, python, python);
  await installAndVisit(server, out, String(json(made)['digest']));
});

test(
  'a server without any: a Python comes from a feed as well',
  { skip: skip || (!portable && 'no Python that can be copied is installed') },
  async (context) => {
    if (!python || !portable) return;
    const zookit = exporter(context, portable);
    const feed = join(zookit.work, 'python.xml');
    writePythonFeed(zookit.work, feed, portable);
    assertDone(await zookit.run(['feed', 'add', feed, '--may-extend', 'Python']));
    const out = join(zookit.work, 'bundle');
    const made = await zookit.run([
      'bundle',
      'export',
      ...products,
      ...targetWords(portable),
      '--out',
      out,
      '--json',
    ]);
    assertDone(made);
    assert.doesNotMatch(made.stderr, /must be there/);
    const server = bareServer(context, python, undefined);
    assert.notEqual((await server.run('command -v python3')).status, 0, 'no Python is on PATH');
    await installAndVisit(server, out, String(json(made)['digest']));
  },
);

/** The machine with a network; npm and pip work there under the user's own settings. */
function exporter(context: TestContext, { path }: FoundPython): Zookit {
  return zookitWorld(context, {
    programs: { python3: path, node: process.execPath, npm },
    env: { HOME: homedir() },
  });
}

function targetWords({ version }: FoundPython): string[] {
  const { os, arch } = thisPlatform();
  const minor = version.split('.').slice(0, 2).join('.');
  return ['--platform', `${os}-${arch}`, '--python', minor, '--accept-eula'];
}

async function installAndVisit(server: BareServer, bundle: string, digest: string): Promise<void> {
  const { home } = server;
  const install = `sh '${bundle}/install.sh' --prefix '${home}/local' --digest ${digest} --yes --accept-eula`;
  const variables = `export ZOOKIT_ROOT='${home}/root'; zookit='${home}/local/bin/zookit'`;
  const installed = await server.run(`${variables}\n${install}`);
  assert.equal(installed.status, 0, installed.stderr);
  assert.match(installed.stderr, /Next: zookit new DjangoProject DIR/);
  const served = await server.run(`${variables}
    "$zookit" new DjangoProject shop --with Pillow --database sqlite --yes --accept-eula || exit 1
    "$zookit" serve shop --port 8000 >address &
    site=$!
    while kill -0 $site; do
      sleep 0.3
      "$zookit" python --env shop -c 'import PIL.Image, urllib.request as r
answer = r.urlopen("http://127.0.0.1:8000/")
print(answer.status, "shop" in answer.read().decode())' 2>/dev/null && break
    done
    kill $site; wait $site`);
  assert.equal(served.stdout.trim(), '200 True', `${served.stdout}\n${served.stderr}`);
}

/** A feed with this Python as an archive: no packages, no tests, nothing compiled. */
function writePythonFeed(folder: string, feed: string, { path, version }: FoundPython): void {
  const minor = version.split('.').slice(0, 2).join('.');
  const prefix = dirname(dirname(path));
  const archive = join(folder, 'python.tar.gz');
  const leftOut = ['__pycache__', 'site-packages', 'test', 'ensurepip', 'idlelib', `config-${minor}*`, '*.a'];
  const words = leftOut.map((name) => `--exclude=${name}`);
  const parts = readdirSync(prefix).filter((name) => ['bin', 'lib'].includes(name));
  assert.deepEqual(parts.sort(), ['bin', 'lib']);
  const inside = [`bin/python${minor}`, `bin/python3`, `lib/python${minor}`];
  execFileSync('tar', ['-czf', archive, ...words, '-C', prefix, ...inside]);
  writeFileSync(
    feed,
    feedXml(`<entry><productId>Python</productId><title>Python of a feed</title><version>${version}</version>
      <discoveryHint><zk:python/></discoveryHint>
      <installers><installer><zk:platform os="${thisPlatform().os}"/>
        <installerFile><installerURL>python.tar.gz</installerURL><zk:sha256>${sha256File(archive)}</zk:sha256></installerFile>
        <zk:archive into="python/${minor}"/></installer></installers></entry>`),
  );
}
