// Goes out: a feed on disk whose products can be asked for in every wrong way: versions that exclude each other, a circle, a
// licence, a template with questions, a file without a hash, a package that no Python here can take. Knows the format only.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeZip } from './archives.js';
import { anyPython, archiveXml, entryXml, feedXml, needs, nothing, oneOf } from './feed-xml.js';
import { makeWheel } from './wheels.js';
import { sha256 } from './feed-xml.js';

const elsewhere = process.platform === 'win32' ? 'macos' : 'windows';

/** Writes it into a folder; returns its path. */
export function writeWrongUseFeed(folder: string): string {
  const zip = makeZip([{ name: 'tool.txt', content: 'a tool' }]);
  const climbing = makeZip([{ name: '../outside.txt', content: 'outside' }]);
  const wheel = makeWheel('thing', '1.0', { 'thing.py': 'x = 1\n' });
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'tool.zip': zip,
    'climbing.zip': climbing,
    'text.zip': 'this is no archive',
    'thing-1.0-py3-none-any.whl': wheel.bytes,
    'page/wsgi.py': "name = '@@ProjectName@@'\n",
  };
  const unpacked = (name: string): string => archiveXml(name, files[name] as Uint8Array);
  const text = feedXml(
    entryXml('Tool', '1.0', { installers: unpacked('tool.zip') }),
    entryXml('Tool', '0.9', { installers: unpacked('tool.zip') }),
    entryXml('Thumbnailer', '2.1'),
    entryXml('NeedsTool', '1.0', { needs: needs('Tool') }),
    entryXml('Lib', '1.5'),
    entryXml('Lib', '2.5'),
    entryXml('OldApp', '1', { needs: needs('Lib@^1') }),
    entryXml('NewApp', '1', { needs: needs('Lib@^2') }),
    entryXml('Egg', '1', { needs: needs('Hen') }),
    entryXml('Hen', '1', { needs: needs('Egg') }),
    entryXml('NeedsGhost', '1', { needs: needs('Ghost') }),
    entryXml('EitherGhost', '1', { needs: oneOf('Ghost', 'Spirit') }),
    entryXml('Elsewhere', '1', {
      installers: nothing.replace('<installer>', `<installer><zk:platform os="${elsewhere}"/>`),
    }),
    entryXml('Licensed', '1', {
      installers: nothing.replace('<zk:', '<eulaURL>https://licence.example.com/</eulaURL><zk:'),
    }),
    entryXml('Swapped', '1', { installers: archiveXml('tool.zip', climbing) }),
    entryXml('Missing', '1', { installers: archiveXml('missing.zip', zip) }),
    entryXml('Climbing', '1', { installers: unpacked('climbing.zip') }),
    entryXml('Text', '1', { installers: archiveXml('text.zip', Buffer.from('this is no archive')) }),
    entryXml('Asking', '1', {
      more: `<zk:parameter name="Colour" type="choice" default="red"><zk:choice value="red"/><zk:choice value="green"/></zk:parameter>
        <zk:parameter name="Port" type="number" default="80"/><zk:parameter name="Owner"/>`,
    }),
    entryXml('Page', '1', {
      more: `<zk:parameter name="ProjectName" default="site"/><zk:parameter name="Colour" default="red"/>
        <zk:parameter name="HostForm" type="choice" default="httpplatform"><zk:choice value="httpplatform"/><zk:choice value="zoo"/></zk:parameter>`,
      installers: '<installer><zk:template href="page/"/></installer>',
    }),
    anyPython,
    entryXml('Thing', '1.0', {
      needs: needs('Python@>=3.9'),
      more: '<zk:environment/><discoveryHint><zk:pythonPackage name="thing"/></discoveryHint>',
      installers: `<installer><zk:pythonPackages python="&gt;=3.9"><zk:package name="thing" version="1.0">
        <zk:file name="thing-1.0-py3-none-any.whl" sha256="${sha256(wheel.bytes)}" href="thing-1.0-py3-none-any.whl"/>
        </zk:package></zk:pythonPackages></installer>`,
    }),
    entryXml('Tomorrow', '1.0', { needs: needs('Python@>=4.7') }),
  );
  mkdirSync(join(folder, 'page'), { recursive: true });
  for (const [name, content] of Object.entries({ ...files, 'feed.xml': text }))
    writeFileSync(join(folder, name), content);
  return join(folder, 'feed.xml');
}
