// Goes out: a feed on disk with one product of every sort that a bundle takes: a Python in an archive, packages with wheels
// for some systems and markers for others, payloads, a template with a choice, a feature of Windows, an `or`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeZip } from './archives.js';
import { archiveXml, entryXml, feedXml, needs, nothing, oneOf, sha256 } from './feed-xml.js';
import { makeWheel } from './wheels.js';

export interface BundleFeed {
  /** The path of the feed. */
  readonly feed: string;
  readonly text: string;
  /** Its files by their path beside it, for servers. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** One pinned package: its wheels by the tags that they are for. */
interface Pinned {
  readonly name: string;
  readonly marker?: string;
  readonly tags: readonly string[];
}

const tool: readonly Pinned[] = [
  { name: 'tool', tags: ['py3-none-any'] },
  { name: 'colorama', marker: "sys_platform == 'win32'", tags: ['py3-none-any'] },
  { name: 'uvloop', marker: "sys_platform != 'win32'", tags: ['cp313-cp313-manylinux_2_17_x86_64'] },
  {
    name: 'native',
    tags: [
      'cp313-cp313-win_amd64',
      'cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64',
      'cp312-cp312-win_amd64',
      'cp312-abi3-manylinux_2_28_x86_64',
    ],
  },
];

/** Writes feed and files into a folder. */
export function writeBundleFeed(folder: string): BundleFeed {
  const python = makeZip([{ name: 'python.exe', content: 'a Python for Windows' }]);
  const files: Record<string, Uint8Array> = {
    'python.zip': python,
    'workers/one.py': Buffer.from('one = 1\n'),
    'workers/two.py': Buffer.from('two = 2\n'),
    'eula.txt': Buffer.from('Be kind.\n'),
    'skeleton/wsgi.py': Buffer.from("name = '@@ProjectName@@'\n"),
    'skeleton/static/style.css': Buffer.from('body {}\n'),
  };
  const packages = (list: readonly Pinned[]): string => list.map((each) => packageXml(each, files)).join('');
  const text = feedXml(
    entryXml('Python', '3.13.1', {
      more: '<discoveryHint><zk:python/></discoveryHint>',
      installers: archiveXml('python.zip', python).replace(
        '<installer>',
        '<installer><zk:platform os="windows" arch="x64"/>',
      ),
    }),
    environmentXml('Tool', 'tool', packages(tool)),
    environmentXml('Driver', 'driver', packages([{ name: 'driver', tags: ['py3-none-any'] }])),
    environmentXml('Source', 'source', sourceXml),
    entryXml('Workers', '1.0', {
      installers: `<installer><eulaURL>eula.txt</eulaURL><zk:payload into="workers">
        <zk:file href="workers/one.py"/><zk:file href="workers/two.py" path="below/two.py"/></zk:payload></installer>`,
    }),
    entryXml('Feature', '1.0', {
      installers:
        '<installer><installCommands><iisComponent><iis70ComponentName>IIS-CGI</iis70ComponentName></iisComponent></installCommands></installer>',
    }),
    entryXml('Other', '1.0', { installers: nothing }),
    entryXml('Server', '1.0', {
      needs: `<and><dependency><productId>Workers</productId></dependency>
        <dependency zk:os="windows">${oneOf('Feature', 'Other')}</dependency></and>`,
    }),
    entryXml('Site', '1.0', {
      needs: needs('Python@>=3.10', 'Workers', 'Tool'),
      more: `<zk:parameter name="ProjectName" default="site"/>
        <zk:parameter name="Database" type="choice" default="none"><zk:choice value="none"/>
        <zk:choice value="some" product="Driver"/></zk:parameter>`,
      installers: '<installer><zk:template href="skeleton/"/></installer>',
    }),
  );
  for (const [name, content] of Object.entries({ ...files, 'feed.xml': Buffer.from(text) })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { feed: join(folder, 'feed.xml'), text, files };
}

const sourceXml = `<zk:package name="source" version="1.0"><zk:file name="source-1.0.tar.gz" sha256="${'ab'.repeat(32)}"/></zk:package>`;

function environmentXml(id: string, distribution: string, packages: string): string {
  return entryXml(id, '1.0', {
    needs: needs('Python@>=3.8'),
    more: `<zk:environment/><zk:license>MIT</zk:license>
      <discoveryHint><zk:pythonPackage name="${distribution}"/></discoveryHint>`,
    installers: `<installer><zk:pythonPackages python="&gt;=3.8">${packages}</zk:pythonPackages></installer>`,
  });
}

/** The wheels lie beside the feed: nothing is asked of an index. */
function packageXml({ name, marker, tags }: Pinned, files: Record<string, Uint8Array>): string {
  const wheels = tags.map((tag) => {
    const { bytes } = makeWheel(name, '1.0', { [`${name}-tag.txt`]: tag });
    const file = `${name}-1.0-${tag}.whl`;
    files[`wheels/${file}`] = bytes;
    return `<zk:file name="${file}" sha256="${sha256(bytes)}" href="wheels/${file}"/>`;
  });
  const condition = marker === undefined ? '' : ` marker="${marker}"`;
  return `<zk:package name="${name}" version="1.0"${condition}>${wheels.join('')}</zk:package>`;
}
