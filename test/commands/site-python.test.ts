// Which Python a site runs with: its packages count in whatever encoding requirements.txt was written.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pythonOfSite } from '../../src/commands/site-python.js';
import type { Context } from '../../src/context.js';
import { temporaryFolder } from '../helpers/folder.js';

test('a site with packages and without their environment runs under no other Python', async (context) => {
  const folder = temporaryFolder(context);
  // Nobody asks it: the answer is told before another Python is looked for.
  const unasked = {} as Context;
  const text = '\uFEFFDjango==5.2\r\n';
  for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from('Django==5.2')]) {
    writeFileSync(join(folder, 'requirements.txt'), bytes);
    await assert.rejects(pythonOfSite(unasked, folder), { code: 'SITE_INVALID', hint: /zookit deploy/ });
  }
});
