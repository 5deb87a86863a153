// WebPI's application on a Windows: the very words of WebPICMD with an answer file, up to the commands that a real IIS would get
// (appcmd and icacls only remember), and the way back.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { feedXml, serveFeed } from '../helpers/feed-xml.js';
import { standIns } from '../helpers/stand-ins.js';
import { applicationXml, makePackage } from '../helpers/web-deploy.js';
import { nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, assertFails, json } from '../helpers/zookit.js';

const root =
  '<APP path="/" APP.NAME="Default Web Site/" APPPOOL.NAME="DefaultAppPool" SITE.NAME="Default Web Site" />';
const lists = [
  {
    program: 'appcmd',
    when: 'list site',
    stdout: '<appcmd><SITE SITE.NAME="Default Web Site" bindings="http/*:8080:" /></appcmd>',
  },
  {
    program: 'appcmd',
    when: 'list vdir',
    stdout:
      '<appcmd><VDIR path="/" physicalPath="%SystemDrive%\\inetpub\\wwwroot" APP.NAME="Default Web Site/" /></appcmd>',
  },
  { program: 'appcmd', when: 'list app', stdout: `<appcmd>${root}</appcmd>` },
];

test("WebPI's application on Windows", { skip: wineMissing }, async (context) => {
  const zip = makePackage();
  const feed = feedXml(applicationXml('BlogX', zip, '/install.php'));
  const server = await serveFeed(context, feed, { 'BlogX.zip': zip });

  for (const node of nodeVersions)
    await context.test(`installed, failed, taken away (node ${node})`, async (each) => {
      const windows = await windowsWorld(each);
      const tools = await standIns(windows, ['appcmd', 'icacls']);
      tools.answer(...lists);
      writeFileSync(
        join(windows.drive, 'answers.app'),
        'AppPath[@]Default Web Site/my blog\r\nDatabase[@]MySQL\r\nDbName[@]shop\r\nAdmin password[@]it"s secret\r\n',
      );
      const words = [
        '/Install',
        '/Application:BlogX@C:\\answers.app',
        '/AcceptEula',
        `/Feeds:${server.feed}`,
      ];
      const site = 'C:\\inetpub\\wwwroot\\my blog';
      const onDisk = join(windows.drive, 'inetpub', 'wwwroot', 'my blog');

      // Once is enough: each run takes its time here.
      if (node === nodeVersions[0]) {
        tools.answer(...lists, {
          program: 'appcmd',
          when: 'add app',
          status: 5,
          stdout: 'Access is denied.',
        });
        const failed = await windows.zookit(node, words);
        assertFails(failed, 5, 'INSTALLER_FAILED', /appcmd\.exe' ended with 5[^]*Access is denied/);
        assert.ok(!existsSync(onDisk));
        assert.ok(!existsSync(join(windows.root, 'products')));
        tools.forget();
        tools.answer(...lists);
      }

      const ran = await windows.zookit(node, [...words, '--json']);
      assertDone(ran);
      const changing = tools.calls().filter(({ arguments: given }) => given[0] !== 'list');
      const scripts = 'C:\\zookit\\products\\BlogX';
      assert.deepEqual(
        changing.map(({ program, arguments: given }) => [program, ...given]),
        [
          ['icacls', site, '/reset', '/T', '/C', '/Q'],
          ['appcmd', 'add', 'backup', 'zookit-Default-Web-Site-my-blog'],
          ['appcmd', 'add', 'app', '/site.name:Default Web Site', '/path:/my blog', `/physicalPath:${site}`],
          ['icacls', `${site}\\media`, '/grant', '*S-1-5-17:(OI)(CI)M', '/Q'],
          [
            ...['icacls', scripts, '/inheritance:r', '/grant:r'],
            ...['*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F', '/Q'],
          ],
        ],
      );
      assert.match(readFileSync(join(onDisk, 'settings.py'), 'utf8'), /PASSWORD = "it\\"s secret"/);
      assert.deepEqual(json(ran)['leftToDo'], [
        `Run the SQL script '${scripts}\\install.my.sql' in the database 'shop' on 'localhost' (dbMySql; its statements end with '//')`,
      ]);
      assert.deepEqual(json(ran)['open'], ['http://localhost:8080/my%20blog/install.php']);
      assert.ok(!readFileSync(join(windows.root, 'journal.jsonl'), 'utf8').includes('secret'));

      tools.forget();
      assertDone(await windows.zookit(node, ['uninstall', 'BlogX', '--yes', `--feed=${server.feed}`]));
      assert.ok(!existsSync(onDisk));
      const undone = tools.calls().map(({ program, arguments: given }) => [program, ...given].join(' '));
      assert.ok(undone.includes('appcmd delete app /app.name:Default Web Site/my blog'), undone.join('\n'));
    });
});
