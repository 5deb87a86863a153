// Comes in: a test. Goes out: a feed that is quick to install from, on any system and without Python: a template with
// questions, archives, an `or`, a licence. Knows the feed's format only.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeZip } from './archives.js';
import { archiveXml, entryXml, feedXml, nothing, oneOf } from './feed-xml.js';

const questions = `
  <zk:parameter name="ProjectName" type="text" title="Name of the project" default="mysite"/>
  <zk:parameter name="Colour" type="choice" title="Colour of the pages" default="red">
    <zk:choice value="red"/><zk:choice value="blue" product="Paint"/></zk:parameter>
  <zk:parameter name="Copies" type="number" title="How many copies" default="1"/>
  <zk:parameter name="Key" type="password" title="The key to the back door" default="" tags="NoStore"/>`;

/** Writes feed and files into a folder; returns the feed's path. */
export function writeWizardFeed(folder: string): string {
  mkdirSync(join(folder, 'skeleton'), { recursive: true });
  writeFileSync(join(folder, 'skeleton', 'settings.txt'), '@@ProjectName@@ @@Colour@@ @@Copies@@\n');
  const archive = makeZip([{ name: 'tool.txt', content: 'a tool' }]);
  writeFileSync(join(folder, 'tool.zip'), archive);
  const licensed = archiveXml('tool.zip', archive).replace(
    '<installer>',
    '<installer><eulaURL>https://licences.example.com/tool</eulaURL>',
  );
  const skeleton = '<installer><zk:template href="skeleton"/></installer>';
  const path = join(folder, 'feed.xml');
  writeFileSync(
    path,
    feedXml(
      entryXml('SmallProject', '1.0', {
        needs: '<productId>Tool</productId>',
        installers: skeleton,
        more: questions,
      }),
      entryXml('Tool', '2.0', { installers: licensed }),
      entryXml('Tool', '1.0', { installers: licensed }),
      entryXml('Paint', '1.0', { installers: nothing }),
      entryXml('App', '1.0', { needs: oneOf('Paint', 'Brush') }),
      entryXml('Brush', '1.0', { installers: nothing }),
    ),
  );
  return path;
}
