// A bundle for Windows that was made on Linux, on a Windows without Node: install.cmd checks it, runs the tool, which unpacks
// an archive and runs a package of Windows Installer, and leaves zookit.cmd. Wine's certutil is hollow: one that works takes
// its place, and without it nothing may be installed.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { programOnPath } from '../../src/lib/programs.js';
import { makeZip } from '../helpers/archives.js';
import { workingCertutil } from '../helpers/certutil.js';
import { archiveXml, entryXml, feedXml, fileXml } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { newKey, seal } from '../helpers/small-bundle.js';
import type { Windows } from '../helpers/wine.js';
import { makeMsi, windowsWorld, wineMissing } from '../helpers/wine.js';
import type { Ran, Zookit } from '../helpers/zookit.js';
import { assertDone, json, zookitWorld } from '../helpers/zookit.js';

const code = '{8D3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F31}';
const wix = `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="${code}" Name="DemoMsi" Language="1033" Version="1.2.3" Manufacturer="Test"
      UpgradeCode="{9D3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F32}">
    <Package InstallerVersion="200" Compressed="yes" InstallScope="perMachine"/>
    <Media Id="1" Cabinet="files.cab" EmbedCab="yes"/>
    <Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="DemoMsi">
      <Component Id="Files" Guid="*" Win64="yes"><File Id="Text" Source="demo.txt" KeyPath="yes"/></Component>
    </Directory></Directory></Directory>
    <Feature Id="All" Level="1"><ComponentRef Id="Files"/></Feature>
  </Product>
</Wix>`;

test('install.cmd on a Windows without Node', { skip: wineMissing }, async (context) => {
  const key = newKey();
  const { out, digest } = await exported(context, key);
  const windows = await windowsWorld(context);
  const stick = join(windows.drive, 'media', 'my stick');
  mkdirSync(join(windows.drive, 'media'));
  cpSync(out, stick, { recursive: true });

  await context.test('refuses when certutil tells no hash', async () => {
    refused(windows, await installCmd(windows), /certutil tells no hash of 'SHA256SUMS'/);
  });
  await workingCertutil(windows);

  const changed = async (change: () => void, words: RegExp, ...options: readonly string[]): Promise<void> => {
    change();
    refused(windows, await installCmd(windows, ...options), words);
    cpSync(out, stick, { recursive: true });
  };
  const inside = (...names: readonly string[]): string => join(stick, ...names);
  await context.test('refuses what was changed, by its name, before the tool has run', async () => {
    await changed(
      () => writeFileSync(inside('feed', 'feed.xml'), `${readFileSync(inside('feed', 'feed.xml'), 'utf8')} `),
      /feed\\feed\.xml' is not what SHA256SUMS says/,
    );
    await changed(
      () => rmSync(inside('tool', 'unpack.cjs')),
      /'tool\\unpack\.cjs' is missing|unpack\.cjs' is missing/,
    );
    const added = inside('tool', 'more & more.cmd');
    await changed(() => writeFileSync(added, ''), /tool\\more & more\.cmd' was added/);
    rmSync(added);
    const planted = inside('certutil.exe');
    await changed(() => writeFileSync(planted, ''), /certutil\.exe' was added/);
    rmSync(planted);
  });
  await context.test('refuses another key and another list', async () => {
    await changed(() => undefined, /signer\.pem' is another key/, '--key', `SHA256:${'0'.repeat(64)}`);
    await changed(() => undefined, /another list/, '--digest', '0'.repeat(64));
    await changed(() => seal(stick, newKey()), /SHA256SUMS\.sig' of the bundle .* is not by its key/);
  });

  await context.test('installs, and leaves zookit.cmd', async () => {
    writeFileSync(inside('tool', '._unpack.cjs'), '');
    const ran = await installCmd(windows, '--digest', digest);
    assert.equal(ran.status, 0, `${ran.stdout}\n${ran.stderr}`);
    assert.equal(readFileSync(join(windows.root, 'products', 'Files', 'read.me'), 'utf8'), 'files\n');
    assert.ok(existsSync(join(windows.drive, 'Program Files', 'DemoMsi', 'demo.txt')));
    rmSync(stick, { recursive: true });
    const listed = await batch(windows, '"C:\\Zoo Kit\\bin\\zookit.cmd" list --installed');
    assert.equal(listed.status, 0, listed.stderr);
    assert.match(listed.stdout, /^Files[^]*^DemoMsi/m);
    const failed = await batch(windows, '"C:\\Zoo Kit\\bin\\zookit.cmd" install Nothing');
    assert.equal(failed.status, 3, 'exit statuses come through');
  });
});

/** A bundle with an archive and a package of Windows Installer, made on this machine. */
async function exported(context: TestContext, key: string): Promise<{ out: string; digest: string }> {
  const npm = (await programOnPath('npm', process.env['PATH'] ?? '')) ?? 'npm';
  const programs = { node: process.execPath, npm };
  const zookit: Zookit = zookitWorld(context, { programs, env: { HOME: homedir() } });
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'demo.txt'), 'demo\n');
  const msi = readFileSync(makeMsi(folder, 'DemoMsi', wix));
  const zip = makeZip([{ name: 'read.me', content: 'files\n' }]);
  writeFileSync(join(folder, 'files.zip'), zip);
  const feed = join(folder, 'feed.xml');
  writeFileSync(
    feed,
    feedXml(
      entryXml('Files', '1.0', { installers: archiveXml('files.zip', zip) }),
      entryXml('DemoMsi', '1.2', {
        more: `<discoveryHint><msiProductCode>${code}</msiProductCode></discoveryHint>`,
        installers: `<installer>${fileXml('DemoMsi.msi', msi)}<installCommands><msiInstall>
          <msi>%InstallerFile%</msi></msiInstall></installCommands></installer>`,
      }),
    ),
  );
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, key, { mode: 0o600 });
  const out = join(zookit.work, 'bundle');
  const words = ['--platform', 'windows-x64', '--main-feed', feed, '--sign', keyFile, '--out', out, '--json'];
  const ran = await zookit.run(['bundle', 'export', 'Files', 'DemoMsi', ...words, '--accept-eula']);
  assertDone(ran);
  return { out, digest: String(json(ran)['digest']) };
}

function installCmd(windows: Windows, ...words: readonly string[]): Promise<Ran> {
  const line = '"C:\\media\\my stick\\install.cmd" --prefix "C:\\Zoo Kit" --yes --accept-eula';
  return batch(windows, [line, ...words].join(' '));
}

/** Quotes of a command line get lost on the way into cmd: a file keeps them. */
function batch(windows: Windows, line: string): Promise<Ran> {
  writeFileSync(join(windows.drive, 'run.cmd'), `@echo off\r\n${line}\r\n`);
  return windows.run(['cmd', '/c', 'C:\\run.cmd']);
}

function refused(windows: Windows, ran: Ran, words: RegExp): void {
  assert.equal(ran.status, 3, `${ran.stdout}\n${ran.stderr}`);
  assert.match(ran.stderr, words);
  const prefix = join(windows.drive, 'Zoo Kit');
  assert.ok(!existsSync(join(prefix, 'bin')), 'no zookit.cmd is left');
  assert.deepEqual(readdirSync(join(prefix, 'tool')), [], 'no tool is left');
  assert.ok(!existsSync(windows.root), 'nothing is installed');
}
