// WebPI's commands one after the other: a zip into a folder with a blank, a batch file from it, the no-op of bundles.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { entryXml, feedXml, fileXml, serveFeed } from '../helpers/feed-xml.js';
import { nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, json } from '../helpers/zookit.js';

const batch = ['@echo off', 'mkdir C:\\chain', 'echo %* >C:\\chain\\done.txt', 'exit /b 3', ''].join('\r\n');

/** Raw quotes and variables, as real feeds have them. */
const words = 'first "a b" "x=%ProgramFiles(x86)%\\y" -z';

test('commands of a feed, in their order', { skip: wineMissing }, async (context) => {
  const zip = makeZip([{ name: 'helper.bat', content: batch }]);
  const entry = entryXml('Chain', '1.0', {
    more: '<discoveryHint><file><filePath>%SystemDrive%\\chain\\done.txt</filePath></file></discoveryHint>',
    installers: `<installer>${fileXml('chain.zip', zip)}<installCommands>
      <unzip><zipFile>%InstallerFile%</zipFile><targetDirectory>%TMP%\\zk demo</targetDirectory></unzip>
      <cmdLine><exe>"%TMP%\\zk demo\\helper.bat"</exe>
        <commandLineArguments>${words.replaceAll('"', '&quot;')}</commandLineArguments>
        <returnCodeMappings><mapping><returnCode>3</returnCode><success/></mapping></returnCodeMappings></cmdLine>
      <cmdLine><exe>cmd.exe</exe><commandLineArguments>/C exit 9</commandLineArguments>
        <ignoreExitCode>True</ignoreExitCode></cmdLine>
      <cmdLine><exe>cmd.exe</exe><commandLineArguments>/C echo noop</commandLineArguments></cmdLine>
    </installCommands></installer>`,
  });
  const server = await serveFeed(context, feedXml(entry), { 'chain.zip': zip });
  const windows = await windowsWorld(context);
  for (const node of nodeVersions) {
    await context.test(`run and leave what they leave (node ${node})`, async () => {
      await windows.run(['cmd', '/c', 'rmdir', '/s', '/q', 'C:\\chain']);
      const ran = await windows.zookit(node, [
        'install',
        'Chain',
        '--yes',
        '--main-feed',
        server.feed,
        '--json',
      ]);
      assertDone(ran);
      assert.equal((json(ran)['steps'] as { status: string }[])[0]?.status, 'installed');
      const said = readFileSync(join(windows.drive, 'chain', 'done.txt'), 'utf8').trim();
      assert.equal(said, 'first "a b" "x=C:\\Program Files (x86)\\y" -z');
    });
  }
});
