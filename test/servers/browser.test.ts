// A fresh Blank Django site in a real browser: the start page and the login of the admin pages, with their styles. With
// ZOOKIT_PICTURES=DIR the screenshots are kept there.
import assert from 'node:assert/strict';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import type { Browser } from '../helpers/browser.js';
import { findBrowser } from '../helpers/browser.js';
import type { Served } from '../helpers/served.js';
import { servedProject, visitorOf } from '../helpers/served.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

test('a fresh site in a browser', async (context) => {
  const browser = findBrowser();
  if (!browser) {
    context.skip('no Chromium is installed');
    return;
  }
  const zookit = zookitWorld(context, { path: (process.env['PATH'] ?? '').split(delimiter) });
  assertDone(await zookit.run(['new', 'DjangoProject', 'shop', '--yes']));
  // Served in a test of its own, so that it ends before the folder goes.
  await context.test('served', async (inner) => {
    const served = await servedProject(inner, zookit.root, join(zookit.work, 'shop'));
    await inner.test('the start page says that everything works', () =>
      look({ browser, served, address: '', words: /It works/, name: 'start.png' }),
    );
    await inner.test('the admin pages show their login', () =>
      look({ browser, served, address: 'admin/', words: /Log in/, name: 'admin.png' }),
    );
  });
});

interface Look {
  readonly browser: Browser;
  readonly served: Served;
  readonly address: string;
  readonly words: RegExp;
  readonly name: string;
}

/** The page has these words and all its styles, and what is seen has the colours that only the styles bring. */
async function look({ browser, served, address, words, name }: Look): Promise<void> {
  const url = new URL(address, served.url).href;
  const html = browser.page(url);
  assert.match(html, words);
  const links = [...html.matchAll(/<link[^>]+rel="stylesheet"[^>]*>/g)].map(([link]) => link);
  const sheets = links.map((link) => /href="([^"]+)"/.exec(link)?.[1] ?? '');
  assert.ok(sheets.length > 0, 'a style sheet is named');
  const visitor = visitorOf(served);
  let css = '';
  for (const sheet of sheets) {
    const page = await visitor.get(new URL(sheet, url).href);
    assert.equal(page.status, 200, sheet);
    assert.match(page.headers.get('content-type') ?? '', /^text\/css/);
    css += page.body;
  }
  const folder = process.env['ZOOKIT_PICTURES'];
  const picture = browser.picture(url, folder === undefined ? undefined : join(folder, name));
  assert.deepEqual([picture.width, picture.height], [1000, 800]);
  const named = new Set((css.match(/#[0-9a-f]{6}\b/gi) ?? []).map((color) => color.toLowerCase()));
  const plain = new Set(['#ffffff', '#000000', '#0000ee']);
  const fromStyles = [...picture.colors].filter(([color]) => named.has(color) && !plain.has(color));
  const pixels = fromStyles.reduce((sum, [, count]) => sum + count, 0);
  assert.ok(pixels > 5000, `the styles' colours cover ${pixels} of ${1000 * 800} pixels`);
}
