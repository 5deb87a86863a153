// A server is not taken away below a site that stands on it, and the way out is the site's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseNeeded } from '../../src/commands/needed.js';
import { AppError } from '../../src/errors.js';
import type { Installed } from '../../src/install/installed.js';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { entryOf, feedOf } from '../helpers/feeds.js';

test('a hosting package stays while a site in IIS needs it', () => {
  const feed = feedOf('feed', [
    entryOf('PythonHostingPackage', '1.0'),
    entryOf('IISApplication', '1.0', { dependency: { kind: 'product', id: 'PythonHostingPackage' } }),
  ]);
  const catalog = buildCatalog([feed]);
  const installed = (product: string, place: string): Installed => ({
    ...{ run: 'r', version: '1.0', product, place, changes: [] },
    kind: product === 'IISApplication' ? 'iis' : 'hosting',
  });
  const server = installed('PythonHostingPackage', 'machine');
  const site = installed('IISApplication', 'IIS:Default Web Site/shop');
  assert.throws(
    () => refuseNeeded([server], [server, site], catalog, 'windows'),
    (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'CONFLICT');
      assert.match(error.hint ?? '', /`zookit uninstall --iis "Default Web Site\/shop"`/);
      return true;
    },
  );
  refuseNeeded([site, server], [server, site], catalog, 'windows');
});
