// The wizard's page about IIS on a Windows whose appcmd and icacls only remember: the site that was named, one that is not
// there, and none.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryXml, feedXml } from '../helpers/feed-xml.js';
import { standIns } from '../helpers/stand-ins.js';
import { nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, assertFails } from '../helpers/zookit.js';

test('the site of IIS that the wizard asks for', { skip: wineMissing }, async (context) => {
  const windows = await windowsWorld(context);
  const tools = await standIns(windows, ['appcmd', 'icacls']);
  tools.answer(
    {
      program: 'appcmd',
      when: 'list site',
      stdout: '<appcmd><SITE SITE.NAME="Default Web Site" bindings="http/*:8080:"/></appcmd>',
    },
    {
      program: 'appcmd',
      when: 'list module',
      stdout: '<appcmd><MODULE MODULE.NAME="httpPlatformHandler"/></appcmd>',
    },
  );
  const questions = ['IisPool', 'IisBinding', 'IisAuthentication'].map(
    (name) => `<zk:parameter name="${name}" type="text" default=""/>`,
  );
  mkdirSync(join(windows.drive, 'feed', 'skeleton'), { recursive: true });
  writeFileSync(join(windows.drive, 'feed', 'skeleton', 'wsgi.py'), 'application = None\n');
  writeFileSync(
    join(windows.drive, 'feed', 'feed.xml'),
    feedXml(
      entryXml('Demo', '1.0', { installers: '<installer><zk:template href="skeleton/"/></installer>' }),
      entryXml('IISApplication', '1.0', {
        more: questions.join(''),
        installers: '<installer><zk:iis/></installer>',
      }),
    ),
  );
  const node = nodeVersions[0];
  const wizard = (answers: Readonly<Record<string, string>>): ReturnType<typeof windows.zookit> => {
    tools.forget();
    const whole = { start: 'new', template: 'Demo', ...answers };
    writeFileSync(join(windows.drive, 'answers.json'), JSON.stringify(whole));
    const words = ['wizard', '--answers', 'C:\\answers.json', '--main-feed', 'C:\\feed\\feed.xml'];
    return windows.zookit(node, words);
  };
  const changes = (): string[] =>
    tools
      .calls()
      .filter(({ arguments: words }) => words[0] !== 'list')
      .map(({ program, arguments: words }) => [program, ...words].join(' '));

  const refused = await wizard({ folder: 'C:\\sites\\none', iis: 'Defualt Web Site/shop' });
  assertFails(refused, 2, 'USAGE', /IIS has no site 'Defualt Web Site'[^]*Did you mean `Default Web Site`/);
  assert.deepEqual(changes(), []);

  assertDone(await wizard({ folder: 'C:\\sites\\alone' }));
  assert.deepEqual(changes(), []);

  const made = await wizard({ folder: 'C:\\sites\\shop', iis: 'Default Web Site/shop' });
  assertDone(made);
  assert.ok(
    changes().some((change) => /^appcmd add app .*Default Web Site/.test(change)),
    changes().join('\n'),
  );
  assert.match(made.stderr, /^ {2}zookit new Demo C:\\sites\\shop --iis "Default Web Site\/shop" --yes/m);
});
