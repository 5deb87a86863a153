// A licence that somebody must accept: told with its address before anything is fetched, accepted once for all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, needs, serveFeed } from '../helpers/feed-xml.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

const zip = makeZip([{ name: 'a.txt', content: 'a' }]);
const licensed = (page: string): string =>
  archiveXml('a.zip', zip).replace('<zk:archive', `<eulaURL>${page}</eulaURL><zk:archive`);

test('without a terminal a licence is accepted by --accept-eula only', async (t) => {
  const feed = feedXml(
    entryXml('App', '1', { needs: needs('Driver'), installers: licensed('https://example.com/app.html') }),
    entryXml('Driver', '1', { installers: licensed('eula/driver.html') }),
  );
  const server = await serveFeed(t, feed, { 'a.zip': zip });
  const zookit = zookitWorld(t);
  const words = ['install', 'App', '--json', '--main-feed', server.feed];
  for (const more of [[], ['--yes']]) {
    const ran = await zookit.run([...words, ...more]);
    assertFails(ran, 3, 'LICENCE_NEEDED', /Licences must be accepted/);
    assert.ok(ran.stderr.includes('App: https://example.com/app.html'), ran.stderr);
    assert.ok(ran.stderr.includes(`Driver: ${server.address}/eula/driver.html`), ran.stderr);
    assert.match(ran.stderr, /--accept-eula/);
    assert.equal((json(ran)['error'] as { code: string }).code, 'LICENCE_NEEDED');
    assert.deepEqual(programsOf(zookit), []);
    assert.equal(server.count('/a.zip'), 0);
  }
  // A plan changes nothing and asks nothing.
  assertDone(await zookit.run(['plan', 'App', '--main-feed', server.feed]));
  assertDone(await zookit.run([...words, '--accept-eula']));
  // What is present needs no acceptance again.
  assertDone(await zookit.run(words));
});
