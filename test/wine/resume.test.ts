// An installer that ends with "only after a restart": the run stops, Windows is told to go on, and `install --resume` does.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryXml, feedXml, fileXml, needs, serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { makeSetup, nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, assertFails, json } from '../helpers/zookit.js';

/** Wants a restart, which a folder of its drive stands for. */
const script = [
  'Target amd64-unicode',
  'RequestExecutionLevel user',
  'SilentInstall silent',
  'Section',
  '  IfFileExists "C:\\restarted\\*.*" restarted',
  '  SetErrorLevel 3015',
  '  Quit',
  '  restarted:',
  '  SetOutPath "C:\\Apps"',
  '  WriteUninstaller "C:\\Apps\\later.exe"',
  'SectionEnd',
  'Section Uninstall',
  'SectionEnd',
];

const runOnce = ['reg', 'query', 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\RunOnce', '/reg:64'];

test('a restart that an installer demands', { skip: wineMissing }, async (context) => {
  const content = readFileSync(makeSetup(temporaryFolder(context), 'Later', script));
  const later = entryXml('Later', '1.0', {
    needs: needs('Before'),
    more: '<discoveryHint><file><filePath>%SystemDrive%\\Apps\\later.exe</filePath></file></discoveryHint>',
    installers: `<installer>${fileXml('Later.exe', content)}<installCommands><cmdLine>
      <exe>%InstallerFile%</exe><commandLineArguments>/S</commandLineArguments><returnCodeMappings>
      <mapping><returnCode>3015</returnCode><failureRebootRequired/></mapping></returnCodeMappings>
      </cmdLine></installCommands></installer>`,
  });
  const feed = feedXml(entryXml('Before', '1.0'), later);
  const server = await serveFeed(context, feed, { 'Later.exe': content });
  const windows = await windowsWorld(context);
  const file = join(windows.root, 'resume.json');
  for (const node of nodeVersions) {
    await context.test(`is told, kept and gone on with (node ${node})`, async () => {
      for (const name of ['restarted', 'Apps', 'zookit'])
        rmSync(join(windows.drive, name), { recursive: true, force: true });
      const words = ['install', 'Later', '--yes', '--resume-after-restart', '--main-feed', server.feed];
      const stopped = await windows.zookit(node, [...words, '--json']);
      assertFails(stopped, 5, 'INSTALLER_FAILED', /'Later' can be installed only after a restart/);
      assert.match(stopped.stderr, /goes on by itself when an administrator logs on/);
      assert.equal(json(stopped)['rebootRequired'], true);
      const written = await windows.run(runOnce);
      assert.match(
        written.stdout,
        /Zookit +REG_SZ +"[A-Z]:\\.*node\.exe" ".*main\.cjs" install --resume --root "C:\\zookit"/,
      );
      const early = await windows.zookit(node, ['install', '--resume']);
      assertFails(early, 2, 'USAGE', /has not been restarted/);

      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(/"at": "[^"]+"/, '"at": "2001-01-01T00:00:00Z"'),
      );
      mkdirSync(join(windows.drive, 'restarted'));
      const done = await windows.zookit(node, ['install', '--resume', '--json']);
      assertDone(done);
      assert.deepEqual(
        (json(done)['steps'] as { product: string; status: string }[]).map(
          ({ product, status }) => `${product} ${status}`,
        ),
        ['Before present', 'Later installed'],
      );
      assert.ok(!existsSync(file));
      assert.doesNotMatch((await windows.run(runOnce)).stdout, /Zookit/);
    });
  }
});
