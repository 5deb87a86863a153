import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertFails, zookitWorld } from '../helpers/zookit.js';

test('a site whose packages are gone is not served by a Python without them', async (context) => {
  const it = zookitWorld(context);
  const site = join(it.work, 'shop');
  mkdirSync(site);
  const handler = '<add name="any" path="*" verb="*" modules="httpPlatformHandler"/>';
  const sections = `<handlers>${handler}</handlers><httpPlatform processPath="python.exe" arguments="zoohttp.py"/>`;
  writeFileSync(
    join(site, 'web.config'),
    `<configuration><system.webServer>${sections}</system.webServer></configuration>`,
  );
  writeFileSync(join(site, 'requirements.txt'), 'Django==5.2.19\n');
  assertFails(await it.run(['serve', 'shop']), 3, 'SITE_INVALID', /zookit deploy .*shop/);
});
