// Goes out: a feed on disk with a product of every kind that can be taken back: archives that need each other, payloads,
// templates with and without the real workers; and the same feed a release later.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestEntry } from './archives.js';
import { makeTarGz, makeZip } from './archives.js';
import { anyPython, archiveXml, entryXml, feedXml, fileXml, needs, sha256 } from './feed-xml.js';

export interface FaultFeed {
  /** The path of the feed. */
  readonly feed: string;
  /** The path of the same feed with a newer version of each product. */
  readonly newer: string;
  /** Its files by name, for servers. */
  readonly files: Readonly<Record<string, Buffer>>;
}

/** Runs long enough to be hit, and writes where a project is: what is left at work by a kill is seen. */
const deployScript = `
import os, pathlib, sys, time
for number in range(20):
    pathlib.Path("media").mkdir(exist_ok=True)
    pathlib.Path("media/%d.txt" % number).write_text("deployed")
    time.sleep(0.01)
print("deployed")
sys.exit(int(os.environ.get("DEPLOY_FAILS", "0")))
`;

const workersFolder = fileURLToPath(new URL('../../../feed/packages/python-workers/', import.meta.url));

/** Writes the feed and its files into a folder. */
export function writeFaultFeed(folder: string): FaultFeed {
  const one = archives('one');
  const two = archives('two');
  const skeleton = makeZip([
    {
      name: 'wsgi.py',
      content: "def application(environ, start_response):\n    return [b'@@ProjectName@@']\n",
    },
    { name: 'deploy.py', content: deployScript },
    { name: 'static/style.css', content: 'body {}' },
  ]);
  const workers = Object.fromEntries(
    readdirSync(workersFolder)
      .filter((name) => name.endsWith('.py'))
      .map((name) => [`workers/${name}`, readFileSync(join(workersFolder, name))]),
  );
  const files = { ...one, ...two, 'skeleton.zip': skeleton, ...workers };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const projects = [projectXml('Page', skeleton), projectXml('Site', skeleton, 'PythonWorkers')];
  const common = [anyPython, workersXml(workers), ...projects];
  const [feed, newer] = [join(folder, 'feed.xml'), join(folder, 'newer.xml')];
  const old = products('1.0', 'one', one);
  writeFileSync(feed, feedXml(...common, ...old));
  writeFileSync(newer, feedXml(...common, ...old, ...products('2.0', 'two', two)));
  return { feed, newer, files };
}

/** The files of one release: another one differs in every byte. */
function archives(release: string): Record<string, Buffer> {
  const small = (count: number, top = ''): TestEntry[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `${top}folder-${index % 7}/${index}.txt`,
      content: `${release} ${index}\n`.repeat(20),
    }));
  const large: TestEntry = { name: 'large.bin', content: Buffer.alloc(2_000_000, release) };
  return {
    [`base-${release}.zip`]: makeZip([...small(300), large]),
    [`tool-${release}.tar.gz`]: makeTarGz(small(200, 'tool/')),
    [`app-${release}.zip`]: makeZip(small(20)),
    ...Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [
        `payload-${release}/${index}.txt`,
        Buffer.from(`${release} ${index}`),
      ]),
    ),
  };
}

function products(version: string, release: string, files: Readonly<Record<string, Buffer>>): string[] {
  const archive = (name: string, attributes = ''): string =>
    archiveXml(name, files[name] ?? Buffer.alloc(0), attributes);
  return [
    entryXml('Base', version, { installers: archive(`base-${release}.zip`) }),
    entryXml('Tool', version, {
      needs: needs(`Base@=${version}`),
      installers: archive(`tool-${release}.tar.gz`, 'strip="1"'),
    }),
    entryXml('Files', version, { installers: payloadXml(files, `payload-${release}/`) }),
    entryXml('App', version, {
      needs: needs(`Tool@=${version}`, `Files@=${version}`),
      installers: archive(`app-${release}.zip`),
    }),
  ];
}

function payloadXml(files: Readonly<Record<string, Buffer>>, prefix: string, into = ''): string {
  const each = Object.entries(files).filter(([name]) => name.startsWith(prefix));
  const list = each
    .map(([name, content]) => `<zk:file href="${name}" sha256="${sha256(content)}"/>`)
    .join('');
  return `<installer><zk:payload ${into === '' ? '' : `into="${into}"`}>${list}</zk:payload></installer>`;
}

function workersXml(workers: Readonly<Record<string, Buffer>>): string {
  return entryXml('PythonWorkers', '1.0', { installers: payloadXml(workers, 'workers/', 'hosting') });
}

function projectXml(id: string, skeleton: Buffer, ...more: readonly string[]): string {
  return entryXml(id, '1.0', {
    needs: needs('Python@>=3.8', ...more),
    more: '<zk:parameter name="ProjectName" title="Name"/>',
    installers: `<installer>${fileXml('skeleton.zip', skeleton)}<zk:template/></installer>`,
  });
}
