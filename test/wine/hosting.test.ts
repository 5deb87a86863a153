// The server's side on a Windows: a Python is unpacked, compiled and registered in the real registry; IIS and its rights are
// asked for by the very command lines, which stand-ins write down; all of it goes again.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, needs, serveFeed, sha256 } from '../helpers/feed-xml.js';
import type { Call } from '../helpers/stand-ins.js';
import { standInProgram, standIns } from '../helpers/stand-ins.js';
import type { Windows } from '../helpers/wine.js';
import { nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, assertFails, json } from '../helpers/zookit.js';

const key = 'HKLM\\SOFTWARE\\Python\\Zookit\\3.13';
const worker = 'print("worker")\n';

function feedWith(zip: Uint8Array): string {
  const payload = `<installer><zk:payload into="hosting"><zk:file href="zoofcgi.py" sha256="${sha256(worker)}"/></zk:payload></installer>`;
  return feedXml(
    entryXml('Python', '3.13.5', {
      more: '<discoveryHint><zk:python/></discoveryHint>',
      installers: archiveXml('python.zip', zip, 'into="python/3.13" register="python"'),
    }),
    entryXml('Workers', '1.0', { installers: payload }),
    entryXml('Hosting', '1.0', {
      needs: needs('Python', 'Workers'),
      installers: '<installer><zk:hosting/></installer>',
    }),
    entryXml('Feature', '1.0', {
      installers:
        '<installer><iisComponent><iis70ComponentName>IIS-CGI</iis70ComponentName></iisComponent></installer>',
    }),
  );
}

/** A value of the registration, as reg.exe reads it. */
async function registered(windows: Windows, below: string, name: string): Promise<string | undefined> {
  const which = name === '' ? ['/ve'] : ['/v', name];
  const { stdout } = await windows.run(['reg', 'query', key + below, ...which, '/reg:64']);
  return /REG_SZ\s+(.*?)\s*$/m.exec(stdout)?.[1];
}

const changing = ({ program, arguments: words }: Call): boolean =>
  ['appcmd', 'icacls'].includes(program) && words[0] !== 'list';

test('a server for Python sites', { skip: wineMissing }, async (context) => {
  const zip = makeZip([
    { name: 'python.exe', content: readFileSync(standInProgram()) },
    { name: 'Lib/os.py', content: '' },
  ]);
  const server = await serveFeed(context, feedWith(zip), { 'python.zip': zip, 'zoofcgi.py': worker });
  const windows = await windowsWorld(context);
  const { answer, calls, forget } = await standIns(windows, ['icacls', 'dism']);
  answer({ program: 'python', when: 'sys.implementation', stdout: '3.13.5 win-amd64\n' });
  const from = ['--main-feed', server.feed, '--json', '--yes'];
  const folder = 'C:\\zookit\\python\\3.13';

  await context.test('says what is missing where there is no IIS', async () => {
    const ran = await windows.zookit('22', ['install', 'Hosting', ...from]);
    assertFails(ran, 3, 'NO_INSTALLER', /IIS is not on this machine[^]*zookit install IISFeatures/);
    assert.deepEqual(calls().filter(changing), []);
    assertDone(await windows.zookit('22', ['uninstall', 'Python', 'Workers', ...from]));
  });

  await standIns(windows, ['appcmd']);
  for (const node of nodeVersions) {
    await context.test(`is made, and taken away (node ${node})`, async () => {
      forget();
      const installed = await windows.zookit(node, ['install', 'Hosting', ...from]);
      assertDone(installed);
      const steps = json(installed)['steps'] as { product: string; status: string }[];
      assert.deepEqual(
        steps.map(({ product, status }) => `${product} ${status}`),
        ['Python installed', 'Workers installed', 'Hosting installed'],
      );
      const compiled = calls().filter((call) => call.arguments.includes('compileall'));
      assert.deepEqual(
        compiled.map((call) => [call.program, call.arguments.at(-1)]),
        [['python', `${folder}\\Lib`]],
      );
      assert.equal(await registered(windows, '', 'Version'), '3.13.5');
      assert.equal(await registered(windows, '\\InstallPath', ''), folder);
      assert.equal(await registered(windows, '\\InstallPath', 'ExecutablePath'), `${folder}\\python.exe`);

      const changes = calls().filter(changing);
      assert.deepEqual(
        changes.map(({ program, arguments: words }) => `${program} ${words.slice(0, 2).join(' ')}`),
        [
          'appcmd add backup',
          ...['python', 'environments', 'hosting'].flatMap((name) => [
            `icacls C:\\zookit\\${name} /reset`,
            `icacls C:\\zookit\\${name} /grant`,
          ]),
          'appcmd set config',
        ],
      );
      assert.equal(changes[2]?.arguments[2], '*S-1-5-32-568:(OI)(CI)RX');
      const name = `[fullPath='${folder}\\python.exe',arguments='"C:\\zookit\\hosting\\zoofcgi.py"'`;
      assert.ok(changes.at(-1)?.arguments[3]?.startsWith(`/+${name},maxInstances='`));

      forget();
      assertDone(await windows.zookit(node, ['uninstall', 'Hosting', 'Workers', 'Python', ...from]));
      const back = calls().filter(changing);
      assert.deepEqual(
        back.map(({ arguments: words }) => words.find((word) => /^\/[-r]/.test(word))),
        [`/-${name}]`, '/remove:g', '/remove:g', '/remove:g'],
      );
      assert.equal(await registered(windows, '', 'Version'), undefined);
      assert.ok(!existsSync(join(windows.root, 'python', '3.13')));
    });
  }

  await context.test('a stripped Windows is told where its files are', async () => {
    forget();
    const source = ['--feature-source', 'D:\\my media\\sxs'];
    assertDone(await windows.zookit('22', ['install', 'Feature', ...source, ...from]));
    const [dism] = calls().filter(({ program }) => program === 'dism');
    assert.deepEqual(dism?.arguments.slice(3), [
      ...['/featurename:IIS-CGI', '/all', '/norestart', '/limitaccess', '/source:D:\\my media\\sxs'],
    ]);
  });

  await context.test("another Python's registration is kept, and told", async () => {
    const other = ['/ve', '/t', 'REG_SZ', '/d', 'D:\\Mine', '/f', '/reg:64'];
    await windows.run(['reg', 'add', `${key}\\InstallPath`, ...other]);
    const ran = await windows.zookit('22', ['install', 'Python', ...from]);
    assertDone(ran);
    assert.match(String(json(ran)['leftToDo']), /^Python 3\.13\.5 is not registered .* means 'D:\\Mine'$/);
    assert.equal(await registered(windows, '\\InstallPath', ''), 'D:\\Mine');
    assertDone(await windows.zookit('22', ['uninstall', 'Python', ...from]));
    assert.equal(await registered(windows, '\\InstallPath', ''), 'D:\\Mine');
  });
});
