// The JSON of plan, install, list and of failures, key by key: a contract with every script out there (design, section 10).
// stdout holds one value and nothing else, stderr holds the talk, --quiet takes the talk away.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, fileXml, needs, serveFeed, sha256 } from '../helpers/feed-xml.js';
import { assertDone, json, zookitWorld } from '../helpers/zookit.js';

const zip = makeZip([{ name: 'a.txt', content: 'a' }]);
const sized = archiveXml('a.zip', zip)
  .replace('<installer>', '<installer><id>any</id>')
  .replace('<installerURL>', '<fileSize>12</fileSize><installerURL>');
const feed = feedXml(
  entryXml('App', '2.0', { needs: needs('Lib@>=1'), installers: sized }),
  entryXml('Lib', '1.5', { installers: sized }),
  entryXml('Bad', '1', {
    needs: needs('Lib'),
    installers: `<installer>${fileXml('b.zip', Buffer.from('b'))}<zk:archive/></installer>`,
  }),
  entryXml('Last', '1', { needs: needs('Bad') }),
);

const step = { place: 'machine', installer: { id: 'any', kind: 'archive' }, bytes: 12 * 1024 };
const lib = { ...step, product: 'Lib', version: '1.5', neededBy: ['App'], asked: false };
const app = { ...step, product: 'App', version: '2.0', neededBy: [], asked: true };

describe('JSON', { concurrency: 2 }, () => {
  test('plan, install, and install again', async (t) => {
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const on = ['app', '--json', '--main-feed', server.feed];
    const planned = await zookit.run(['plan', ...on]);
    assertDone(planned);
    const makes = (product: string) => ({
      commands: [],
      files: [join(zookit.root, 'products', product)],
      downloads: [{ name: 'a.zip', sha256: sha256(zip), urls: [new URL('a.zip', server.feed).href] }],
    });
    assert.deepEqual(json(planned), {
      ok: true,
      steps: [
        { ...lib, status: 'install', ...makes('Lib') },
        { ...app, status: 'install', ...makes('App') },
      ],
    });
    const installed = await zookit.run(['install', ...on]);
    assertDone(installed);
    assert.deepEqual(json(installed), {
      ok: true,
      steps: [
        { ...lib, status: 'installed' },
        { ...app, status: 'installed' },
      ],
      rebootRequired: false,
    });
    const again = await zookit.run(['install', ...on]);
    assertDone(again);
    const steps = json(again)['steps'] as Record<string, unknown>[];
    const keys = ['asked', 'bytes', 'installer', 'neededBy', 'place', 'product', 'status', 'version'];
    for (const each of steps) {
      assert.deepEqual(Object.keys(each).sort(), keys);
      assert.deepEqual([each['status'], each['bytes'], each['installer']], ['present', 0, null]);
    }
  });

  test('list: an array with what is installed where', async (t) => {
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const on = ['--main-feed', server.feed, '--json'];
    assertDone(await zookit.run(['install', 'Lib', ...on]));
    const listed = json(await zookit.run(['list', ...on])) as unknown as Record<string, unknown>[];
    assert.deepEqual(
      listed.map(({ id, version, title, installed }) => ({ id, version, title, installed })),
      [
        { id: 'App', version: '2.0', title: 'App', installed: [] },
        { id: 'Lib', version: '1.5', title: 'Lib', installed: [{ version: '1.5', place: 'machine' }] },
        { id: 'Bad', version: '1', title: 'Bad', installed: [] },
        { id: 'Last', version: '1', title: 'Last', installed: [] },
      ],
    );
    const ids = async (...words: string[]): Promise<unknown[]> =>
      (json(await zookit.run(['list', ...words, ...on])) as unknown as { id: string }[]).map(({ id }) => id);
    assert.deepEqual(await ids('--installed'), ['Lib']);
    assert.deepEqual(await ids('--available'), ['App', 'Bad', 'Last']);
    assert.deepEqual(await ids('--upgradable'), []);
    assert.deepEqual(await ids('no such words'), []);
  });

  test('a failure is one value with code, message and hint', async (t) => {
    const server = await serveFeed(t, feed, { 'a.zip': zip, 'b.zip': 'b' });
    const zookit = zookitWorld(t);
    const on = ['--json', '--main-feed', server.feed];
    const early: readonly (readonly string[])[] = [
      ['plan', 'Ghost'],
      ['install', 'Ghost'],
      ['show', 'Ghost'],
      ['list', '--bogus'],
      ['bogus'],
      ['uninstall', 'Lib'],
      ['python', '-c', '1'].slice(0, 1),
    ];
    for (const words of early) {
      const ran = await zookit.run([...words.slice(0, 1), ...on, ...words.slice(1)]);
      assert.notEqual(ran.status, 0);
      const value = json(ran);
      assert.equal(value['ok'], false);
      const error = value['error'] as Record<string, unknown>;
      assert.match(String(error['code']), /^[A-Z_]+$/);
      assert.ok(typeof error['message'] === 'string' && !error['message'].endsWith('.'));
      assert.ok(error['hint'] === null || typeof error['hint'] === 'string');
    }
    const failed = await zookit.run(['install', 'Last', ...on]);
    assert.equal(failed.status, 5);
    const { ok, error, steps, rebootRequired } = json(failed) as {
      ok: boolean;
      error: { code: string };
      steps: { product: string; status: string }[];
      rebootRequired: boolean;
    };
    assert.deepEqual([ok, error.code, rebootRequired], [false, 'INSTALLER_FAILED', false]);
    assert.deepEqual(
      steps.map(({ product, status }) => `${product} ${status}`),
      ['Lib installed', 'Bad undone', 'Last skipped'],
    );
  });

  test('without --json stdout holds data only; --quiet is silent', async (t) => {
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const on = ['--main-feed', server.feed];
    const planned = await zookit.run(['plan', 'App', ...on]);
    assert.match(planned.stdout, /Lib +1\.5 +install \(archive\) +needed by App/);
    assert.equal(planned.stderr, '');
    const quiet = await zookit.run(['install', 'App', '--quiet', ...on]);
    assertDone(quiet);
    assert.deepEqual([quiet.stdout, quiet.stderr], ['', '']);
    await server.close();
    const kept = await zookit.run(['uninstall', 'App', '--quiet', ...on]);
    assertDone(kept);
    assert.deepEqual([kept.stdout, kept.stderr], ['', '']);
    // An error is told all the same.
    const wrong = await zookit.run(['uninstall', 'App', '--quiet', ...on]);
    assert.equal(wrong.status, 3);
    assert.match(wrong.stderr, /^error: /);
  });

  test('DjangoProject: Python before Django before the template, each with who needs it; Windows has steps of its own', async (t) => {
    const zookit = zookitWorld(t);
    const stepsFor = async (
      platform: string,
    ): Promise<{ product: string; neededBy: string[]; asked: boolean }[]> => {
      const ran = await zookit.run(['plan', 'DjangoProject', '--json', '--platform', platform]);
      assertDone(ran);
      return json(ran)['steps'] as { product: string; neededBy: string[]; asked: boolean }[];
    };
    const windows = await stepsFor('windows-x64');
    const ids = windows.map(({ product }) => product);
    assert.ok(ids.indexOf('Python') < ids.indexOf('Django') && ids.at(-1) === 'DjangoProject', ids.join(' '));
    for (const { product, neededBy, asked } of windows)
      assert.ok(asked === (product === 'DjangoProject') && (asked || neededBy.length > 0), product);
    assert.ok(windows.find(({ product }) => product === 'Python')?.neededBy.includes('Django'));
    const linux = await stepsFor('linux-x64');
    assert.deepEqual(
      linux.map(({ product }) => product).filter((id) => !ids.includes(id)),
      [],
    );
  });
});
