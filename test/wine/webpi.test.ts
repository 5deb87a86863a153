// What people typed for WebPI, typed on a Windows: listed, installed, listed as installed; and what `probe` writes there is
// read here.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryXml, feedXml, fileXml, serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { makeSetup, nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const key = 'SOFTWARE\\Zookit Test\\Demo';

/** A 64-bit installer that leaves its name and ends with a code of its own for a restart. */
function script(name: string): string[] {
  return [
    'Target amd64-unicode',
    'RequestExecutionLevel user',
    'Section',
    '  SetRegView 64',
    `  WriteRegStr HKLM "${key}" "${name}" "here"`,
    '  SetErrorLevel 77',
    'SectionEnd',
  ];
}

function demoEntry(name: string, content: Uint8Array): string {
  return entryXml(name, '1.0', {
    more: `<discoveryHint><registry><keyPath>HKEY_LOCAL_MACHINE\\${key}</keyPath><valueName>${name}</valueName></registry></discoveryHint>`,
    installers: `<installer><eulaURL>http://127.0.0.1/eula</eulaURL>${fileXml(`${name}.exe`, content)}<installCommands><cmdLine>
      <exe>%InstallerFile%</exe><commandLineArguments>/S</commandLineArguments><returnCodeMappings><mapping>
      <returnCode>77</returnCode><successRebootRequired/></mapping></returnCodeMappings></cmdLine></installCommands></installer>`,
  });
}

test("WebPICMD's words on Windows", { skip: wineMissing }, async (context) => {
  const folder = temporaryFolder(context);
  const setups = ['DemoOne', 'DemoTwo'].map(
    (name) => [name, readFileSync(makeSetup(folder, name, script(name)))] as const,
  );
  const feed = feedXml(...setups.map(([name, content]) => demoEntry(name, content)));
  const files = Object.fromEntries(setups.map(([name, content]) => [`${name}.exe`, content]));
  const server = await serveFeed(context, feed, files);

  for (const node of nodeVersions)
    await context.test(`licence, restart, list, probe (node ${node})`, async (each) => {
      const windows = await windowsWorld(each);
      const zookit = (...words: readonly string[]) => windows.zookit(node, words);
      const feeds = `/Feeds:${server.feed}`;
      assertFails(await zookit('/Install', '/Products:DemoOne', feeds), 3, 'LICENCE_NEEDED', /DemoOne: http/);
      // PowerShell hands an unquoted list over in pieces.
      const ran = await zookit(
        '/INSTALL',
        '/products:',
        'DemoOne,',
        'DemoTwo',
        '/AcceptEula',
        feeds,
        '/SuppressReboot',
      );
      assert.equal(ran.status, 3010 % 256, ran.stderr);
      assert.match(ran.stderr, /restart/i);

      const listed = await zookit('/List', '/ListOption:Installed', `/XML:${server.feed}`);
      assertDone(listed);
      assert.match(listed.stdout, /^DemoOne {14}DemoOne\nDemoTwo {14}DemoTwo$/m);
      const again = await zookit('/Install', '/Products:DemoOne', '/AcceptEula', feeds);
      assertDone(again);
      assert.match(again.stderr, /present already/);

      assertDone(await zookit('probe', 'C:\\probe.json', '--main-feed', server.feed));
      const here = zookitWorld(each);
      copyFileSync(join(windows.drive, 'probe.json'), join(here.work, 'probe.json'));
      const plan = json(
        await here.run(['plan', 'DemoTwo', '--main-feed', server.feed, '--machine', 'probe.json', '--json']),
      );
      const [step] = plan['steps'] as { status: string }[];
      assert.equal(step?.status, 'present');
    });
});
