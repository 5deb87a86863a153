// Programs that install: what is passed to them word for word, what their exit codes mean, and what is there afterwards.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryXml, feedXml, fileXml, serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { makeSetup, nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, assertFails, json } from '../helpers/zookit.js';

const key = 'SOFTWARE\\Zookit Test\\DemoExe';

/** A 64-bit installer that ends with this status; what it leaves has its version. */
function script(status: number): string[] {
  return [
    'Target amd64-unicode',
    'RequestExecutionLevel user',
    'VIProductVersion 4.5.6.7',
    ...['FileVersion', 'FileDescription', 'LegalCopyright'].map((name) => `VIAddVersionKey "${name}" "demo"`),
    'InstallDir "C:\\Apps\\Default"',
    'Section',
    '  SetRegView 64',
    '  SetOutPath "$INSTDIR"',
    `  WriteRegStr HKLM "${key}" "" "$INSTDIR"`,
    `  WriteRegDWORD HKLM "${key}" "Build" 1234`,
    `  WriteRegExpandStr HKLM "${key}" "Home" "%ProgramW6432%\\Demo"`,
    '  WriteUninstaller "$INSTDIR\\uninstall.exe"',
    `  SetErrorLevel ${status}`,
    'SectionEnd',
    'Section Uninstall',
    'SectionEnd',
  ];
}

const mappings = `<returnCodeMappings>
  <mapping><returnCode>77</returnCode><successRebootRequired/></mapping>
  <mapping><returnCode>78</returnCode><failure><detailedInformation>No room for the demo.</detailedInformation></failure></mapping>
  <mapping><returnCode>-5</returnCode><failureRebootRequired/></mapping></returnCodeMappings>`;

/** Found by a file's version, the default value, a number and a variable, all of them. */
const hints = `<discoveryHint><and>
  <discoveryHint><file><filePath>%SystemDrive%\\Apps\\My Demo\\uninstall.exe</filePath><minimumVersion>4.5</minimumVersion></file></discoveryHint>
  <discoveryHint><registry><keyPath>HKLM\\${key}\\</keyPath><valueValue>c:\\apps\\my demo</valueValue></registry></discoveryHint>
  <discoveryHint><registry><keyPath>HKLM\\${key}</keyPath><valueName>Build</valueName><valueValue>1234</valueValue></registry></discoveryHint>
  <discoveryHint><registry><keyPath>HKLM\\${key}</keyPath><valueName>Home</valueName><valueValue>C:\\Program Files\\Demo</valueValue></registry></discoveryHint>
  <discoveryHint><not><discoveryHint><registry><keyPath>HKLM\\SOFTWARE\\Wow6432Node\\Zookit Test</keyPath></registry></discoveryHint></not></discoveryHint>
</and></discoveryHint>`;

function exeEntry(name: string, content: Uint8Array): string {
  // The feed's number is beyond that of the file: its hint is satisfied all the same.
  return entryXml(name, name === 'Exe3010' ? '4.9' : '4.5', {
    more: hints,
    installers: `<installer>${fileXml(`${name}.exe`, content)}<installCommands><cmdLine>
      <exe>%InstallerFile%</exe><commandLineArguments>/S /D=%SystemDrive%\\Apps\\My Demo</commandLineArguments>
      ${mappings}</cmdLine></installCommands></installer>`,
  });
}

test('programs that install', { skip: wineMissing }, async (context) => {
  const folder = temporaryFolder(context);
  const setups = new Map(
    [0, 77, 78, -5, 3010].map((status) => {
      const name = `Exe${status}`;
      return [name, readFileSync(makeSetup(folder, name, script(status)))] as const;
    }),
  );
  // It does nothing wherever it runs, as every 32-bit program does on a Windows that has no half for it.
  const idle = ['RequestExecutionLevel user', 'SilentInstall silent', 'Section', 'SectionEnd'];
  setups.set('Idle', readFileSync(makeSetup(folder, 'Idle', idle)));
  // What it installs would show only after the restart that it asks for.
  const later = ['Target amd64-unicode', ...idle.slice(0, -1), '  SetErrorLevel 3010', 'SectionEnd'];
  setups.set('Later', readFileSync(makeSetup(folder, 'Later', later)));
  const feed = feedXml(...[...setups].map(([name, content]) => exeEntry(name, content)));
  const files = Object.fromEntries([...setups].map(([name, content]) => [`${name}.exe`, content]));
  const server = await serveFeed(context, feed, files);
  const windows = await windowsWorld(context);
  const from = ['--main-feed', server.feed, '--json'];
  const installed = join(windows.drive, 'Apps', 'My Demo', 'uninstall.exe');

  for (const node of nodeVersions) {
    const install = async (name: string) => {
      await windows.run(['reg', 'delete', `HKLM\\${key}`, '/f', '/reg:64']);
      await windows.run(['cmd', '/c', 'rmdir', '/s', '/q', 'C:\\Apps']);
      assert.ok(!existsSync(installed));
      return windows.zookit(node, ['install', name, '--yes', ...from]);
    };
    const outcome = (ran: { stdout: string; stderr: string; status: number }) => {
      assertDone(ran);
      const { steps, rebootRequired } = json(ran) as {
        steps: { version: string; status: string }[];
        rebootRequired: boolean;
      };
      return [steps[0]?.status, rebootRequired];
    };

    await context.test(`end well, or with a restart that is needed (node ${node})`, async () => {
      assert.deepEqual(outcome(await install('Exe0')), ['installed', false]);
      assert.ok(existsSync(installed), 'a folder with a blank, without quotes, as NSIS wants it');
      const again = await windows.zookit(node, ['plan', 'Exe0', ...from]);
      const [step] = json(again)['steps'] as { version: string; status: string }[];
      assert.deepEqual([step?.version, step?.status], ['4.5.6.7', 'present']);
      assert.deepEqual(outcome(await install('Exe77')), ['installed', true]);
      assert.deepEqual(outcome(await install('Exe3010')), ['installed', true]);
      assert.deepEqual(outcome(await install('Later')), ['installed', true]);
    });

    await context.test(`fail in the feed's words (node ${node})`, async () => {
      const full = await install('Exe78');
      assertFails(full, 6, 'UNDO_INCOMPLETE', /ended with 78\n.*No room for the demo\.$/m);
      assert.match(full.stderr, /left as it left it/);
      const pending = await install('Exe-5');
      assertFails(pending, 5, 'INSTALLER_FAILED', /can be installed only after a restart/);
      assert.match(pending.stderr, /Restart the machine/);
    });

    await context.test(`do nothing and say that all is well (node ${node})`, async () => {
      assertFails(await install('Idle'), 6, 'UNDO_INCOMPLETE', /ended well, but the product is not there/);
    });
  }
});
