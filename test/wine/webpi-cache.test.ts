// A cache in WebPI's layout, made on this machine and carried to a drive of Windows: its list installs from the files beside
// it, an archive and a package of Windows Installer, with nothing left of the server that they came from.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, fileXml } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { makeMsi, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

const code = '{8D3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F41}';
const wix = `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="${code}" Name="CacheMsi" Language="1033" Version="1.2.3" Manufacturer="Test"
      UpgradeCode="{9D3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F42}">
    <Package InstallerVersion="200" Compressed="yes" InstallScope="perMachine"/>
    <Media Id="1" Cabinet="files.cab" EmbedCab="yes"/>
    <Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="CacheMsi">
      <Component Id="Files" Guid="*" Win64="yes"><File Id="Text" Source="demo.txt" KeyPath="yes"/></Component>
    </Directory></Directory></Directory>
    <Feature Id="All" Level="1"><ComponentRef Id="Files"/></Feature>
  </Product>
</Wix>`;

test('a cache of WebPI on a drive of Windows', { skip: wineMissing }, async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'demo.txt'), 'demo\n');
  const msi = readFileSync(makeMsi(folder, 'CacheMsi', wix));
  const zip = makeZip([{ name: 'read.me', content: 'files\n' }]);
  writeFileSync(join(folder, 'files.zip'), zip);
  const needs = '<dependency><productId>Files</productId></dependency>';
  writeFileSync(
    join(folder, 'feed.xml'),
    feedXml(
      entryXml('Files', '1.0', { installers: archiveXml('files.zip', zip) }),
      entryXml('CacheMsi', '1.2', {
        more: `${needs}<discoveryHint><msiProductCode>${code}</msiProductCode></discoveryHint>`,
        installers: `<installer>${fileXml('CacheMsi.msi', msi)}<installCommands><msiInstall>
          <msi>%InstallerFile%</msi></msiInstall></installCommands></installer>`,
      }),
    ),
  );
  const zookit = zookitWorld(context);
  const words = ['/Offline', '/Products:CacheMsi', '/Path:cache', `/XML:${join(folder, 'feed.xml')}`];
  assertDone(await zookit.run(words));
  const windows = await windowsWorld(context);
  mkdirSync(join(windows.drive, 'media'));
  cpSync(join(zookit.work, 'cache'), join(windows.drive, 'media', 'my cache'), { recursive: true });

  const list = 'C:\\media\\my cache\\feeds\\latest\\webproductlist.xml';
  const options = ['--main-feed', list, '--offline', '--yes', '--accept-eula'];
  assertDone(await windows.zookit('20', ['install', 'CacheMsi', ...options]));
  assert.ok(existsSync(join(windows.drive, 'Program Files', 'CacheMsi', 'demo.txt')));
  assert.equal(readFileSync(join(windows.root, 'products', 'Files', 'read.me'), 'utf8'), 'files\n');
  const again = await windows.zookit('20', ['/Install', '/Products:CacheMsi', `/XML:${list}`, '/AcceptEula']);
  assertDone(again);
});
