// `zookit doctor` as it is typed: what it finds wrong with a machine, its feeds and its root, and that it only looks.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { check, checksOf, unwell } from '../helpers/checked.js';
import { entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { pythonsHere } from '../helpers/pythons.js';
import { send, startServer, status } from '../helpers/server.js';
import { snapshot } from '../helpers/snapshot.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

const python = (await pythonsHere()).find(({ version }) => /^3\.1[0-9]\./.test(version));
const programs = { python3: python?.path ?? '' };
const lacking = python === undefined && 'no Python';
const asRoot = process.getuid?.() === 0;

describe('doctor', { concurrency: 2 }, () => {
  test('a machine that has what is needed is well, and stays as it was', { skip: lacking }, async (t) => {
    const zookit = zookitWorld(t, { programs, env: { HTTPS_PROXY: '', HTTP_PROXY: '' } });
    const ran = await zookit.run(['doctor', '--json']);
    const checks = checksOf(ran);
    assertDone(ran);
    assert.equal(check(checks, 'python').status, 'ok');
    assert.match(check(checks, 'python').found, new RegExp(python?.version ?? '-'));
    assert.equal(check(checks, 'uv').status, 'note', 'there is none on PATH');
    assert.match(check(checks, 'feed', 'built in').found, /^\d+ entries$/);
    assert.ok(!existsSync(zookit.root), 'nothing was made');
    const said = await zookit.run(['doctor']);
    assert.match(said.stdout, /^This machine\n {2}ok {4}Node\.js: \d+\./);
    assert.match(said.stdout, /note {2}uv: not here/);
  });

  test('without a Python, and with a proxy that does not answer', async (t) => {
    const zookit = zookitWorld(t);
    const env = { HTTPS_PROXY: 'http://me:geheim@127.0.0.1:1', SSL_CERT_FILE: join(zookit.work, 'none.pem') };
    const ran = await zookit.run(['doctor', '--offline', '--json'], { env });
    const checks = checksOf(ran);
    assert.match(check(checks, 'python').hint ?? '', /`zookit install Python`/);
    const proxy = check(checks, 'proxy', 'HTTPS_PROXY');
    assert.equal(proxy.status, 'bad');
    assert.match(proxy.found, /'http:\/\/127\.0\.0\.1:1' does not answer: ECONNREFUSED/);
    assert.equal(check(checks, 'certificates').status, 'bad');
    assert.doesNotMatch(ran.stdout + ran.stderr, /geheim/);
    assertFails(await zookit.run(['doctor'], { env }), 3, 'NO_INSTALLER', /checks are bad[\s\S]*hint: /);
    const wrong = await zookit.run(['doctor', '--json'], { env: { HTTP_PROXY: 'socks5://127.0.0.1:1' } });
    assert.match(check(checksOf(wrong), 'proxy', 'HTTP_PROXY').found, /does not name an HTTP proxy/);
  });

  test('feeds: warnings, products of two, a copy, one that is gone', { skip: lacking }, async (t) => {
    const zookit = zookitWorld(t, { programs });
    const first = await serveFeed(t, feedXml(entryXml('Tool', '1', { more: '<published>?</published>' })));
    const second = await serveFeed(t, feedXml(entryXml('Tool', '2'), entryXml('Django', '99')));
    for (const { feed } of [first, second]) assertDone(await zookit.run(['feed', 'add', feed]));
    const before = snapshot(zookit.root);
    const checks = checksOf(await zookit.run(['doctor', '--json']));
    assert.equal(check(checks, 'feed', first.feed).found, '1 entry');
    assert.match(
      check(checks, 'feed-owners').found,
      /'Tool' belongs to feed 'Test', it is dropped, and 1 more$/,
    );
    assert.match(check(checks, 'feed-owners').hint ?? '', /--may-extend/);
    assert.deepEqual(snapshot(zookit.root), before, 'the root is as it was');

    await first.close();
    second.route('/feed.xml', status(404));
    const later = await zookit.run(['doctor', '--json']);
    assert.deepEqual([later.status, check(checksOf(later), 'feed', first.feed).status], [3, 'note']);
    assert.match(
      check(checksOf(later), 'feed', first.feed).found,
      /cannot be reached.*of a copy of less than/,
    );
    const gone = check(checksOf(later), 'feed', second.feed);
    assert.match(`${gone.status} ${gone.found}`, /^bad .*404/);
    assert.match(gone.hint ?? '', new RegExp(`zookit feed remove ${second.feed}`));
    assertFails(await zookit.run(['doctor']), 3, 'FEED_INVALID', /404/);
    assertDone(await zookit.run(['feed', 'remove', second.feed]));
    assertDone(await zookit.run(['doctor']));
    const offline = checksOf(await zookit.run(['doctor', '--offline', '--json']));
    assert.match(check(offline, 'feed', first.feed).found, /^1 entry of a copy of/);
  });

  test('a clock that is wrong is given away by a server, and by files', { skip: lacking }, async (t) => {
    const zookit = zookitWorld(t, { programs });
    const hours = 3_600_000;
    const late = (): string => new Date(Date.now() + 5 * hours).toUTCString();
    const server = await startServer(t, {
      '/feed.xml': (request, response) => send(feedXml(), { Date: late() })(request, response),
    });
    const address = `${server.address}/feed.xml`;
    const clock = check(checksOf(await zookit.run(['doctor', '--json', '--feed', address])), 'clock');
    assert.equal(clock.status, 'bad');
    assert.match(clock.found, /, 300 minutes behind '127\.0\.0\.1:\d+'$/);
    const updated = new Date(Date.now() + 72 * hours).toISOString();
    const future = feedXml().replace('</title>', `</title><updated>${updated}</updated>`);
    writeFileSync(join(zookit.work, 'future.xml'), future);
    const other = await zookit.run(['doctor', '--json', '--feed', './future.xml']);
    assert.equal(check(checksOf(other), 'clock').status, 'ok', 'any feed may lie about its date');
  });

  test('a root that is damaged, held, or open to others', { skip: lacking }, async (t) => {
    const zookit = zookitWorld(t, { programs });
    const about = ['--main-feed', './feed.xml'];
    writeFileSync(join(zookit.work, 'feed.xml'), feedXml(entryXml('Tool', '1')));
    assertDone(await zookit.run(['install', 'Tool', '--yes', ...about]));
    const line = { at: '', run: 'r', product: 'Half', version: '2', place: 'machine' };
    const journal = join(zookit.root, 'journal.jsonl');
    writeFileSync(journal, `torn\n{"at\n${JSON.stringify({ ...line, event: 'begun', kind: 'none' })}\n`);
    const empty = join(zookit.root, 'cache', 'files', 'a'.repeat(64));
    mkdirSync(empty, { recursive: true });
    writeFileSync(join(empty, 'empty.zip'), '');
    chmodSync(zookit.root, 0o777);
    const lock = join(zookit.folder, 'root', 'lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, started: '', since: 'noon', id: 'x' }));
    const { ended } = zookit.start(['doctor', '--json', ...about]);
    const checks = checksOf(await ended);
    assert.match(check(checks, 'journal').found, /^2 of 3 lines/);
    assert.match(check(checks, 'interrupted').found, /^Half 2: being worked on now/);
    assert.match(check(checks, 'lock').found, new RegExp(`process ${process.pid}, since noon`));
    assert.match(check(checks, 'cache').found, /damaged: empty\.zip/);
    assert.match(check(checks, 'root-owner').hint ?? '', /chmod go-w /);
    assert.deepEqual(unwell(checks), ['uv note', 'root-owner note', 'journal bad', 'lock note', 'cache bad']);
    assert.ok(existsSync(lock), 'the lock stays');

    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, started: '', since: 'noon', id: 'x' }));
    const dead = checksOf(await zookit.start(['doctor', '--json', ...about]).ended);
    assert.deepEqual([check(dead, 'lock').status, check(dead, 'interrupted').status], ['ok', 'note']);
    assert.match(check(dead, 'interrupted').hint ?? '', /`zookit verify`/);
  });

  test('a product whose folder is gone, a list of feeds that is torn', { skip: lacking }, async (t) => {
    const zookit = zookitWorld(t, { programs });
    mkdirSync(zookit.root);
    const step = { at: '', run: 'r', product: 'Gone', version: '1', place: 'machine' };
    const lines = [
      { ...step, event: 'begun', kind: 'archive' },
      { ...step, event: 'done', path: join(zookit.root, 'nowhere') },
    ];
    writeFileSync(
      join(zookit.root, 'journal.jsonl'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    writeFileSync(join(zookit.root, 'feeds.json'), '[{');
    const checks = checksOf(await zookit.run(['doctor', '--json']));
    assert.match(check(checks, 'installed').found, /Gone 1/);
    assert.match(check(checks, 'feed-list').hint ?? '', /feeds\.json/);
    assert.deepEqual(tree(zookit.root).length, 2);
    const waiting = {
      ...{ at: 'noon', product: 'Setup', command: 'install', names: ['Setup'] },
      ...{ options: {}, answers: {}, secrets: [], feeds: [] },
    };
    writeFileSync(join(zookit.root, 'resume.json'), JSON.stringify({ resume: 1, waiting: [waiting] }));
    const later = check(checksOf(await zookit.run(['doctor', '--json'])), 'waiting');
    assert.match(`${later.found} ${later.hint ?? ''}`, /of Setup .*`zookit install --resume`/);
    writeFileSync(join(zookit.root, 'resume.json'), '{');
    assert.equal(check(checksOf(await zookit.run(['doctor', '--json'])), 'waiting').status, 'bad');
  });

  test("another user's root is not an administrator's", { skip: lacking || !asRoot }, async (t) => {
    const zookit = zookitWorld(t, { programs });
    mkdirSync(zookit.root);
    const { chownSync } = await import('node:fs');
    chownSync(zookit.root, 65_534, 65_534);
    const checks = checksOf(await zookit.run(['doctor', '--json']));
    assert.match(check(checks, 'root-owner').found, /user 65534 owns/);
    assert.match(check(checks, 'root-owner').hint ?? '', /`chown -R root .* && chmod go-w /);
  });

  test('another machine cannot be looked at, and IIS is on Windows only', async (t) => {
    const zookit = zookitWorld(t);
    assertFails(await zookit.run(['doctor', '--platform', 'windows-x64']), 2, 'USAGE', /Only this machine/);
    if (process.platform !== 'win32')
      assertFails(await zookit.run(['doctor', '--iis', 'Default Web Site/x']), 2, 'USAGE', /no IIS here/);
    assertFails(
      await zookit.run(['doctor', './nothing']),
      3,
      'NO_INSTALLER',
      /web\.config: There is no folder/,
    );
  });
});
