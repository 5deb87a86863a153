// `zookit plan` for a Windows, asked on any system: every step, command, file and download that it would see.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { entryXml, feedXml, fileXml, serveFeed } from '../helpers/feed-xml.js';
import { assertDone, json, zookitWorld } from '../helpers/zookit.js';

interface Shown {
  readonly product: string;
  readonly status: string;
  readonly installer: { readonly kind: string } | null;
  readonly commands: readonly { readonly command: readonly string[]; readonly undo?: readonly string[] }[];
  readonly files: readonly string[];
  readonly downloads: readonly {
    readonly name: string;
    readonly sha256?: string;
    readonly urls?: string[];
  }[];
}

const system = 'C:\\Windows\\System32';
const programs = 'C:\\Program Files\\Zookit';
const on = ['--platform', 'windows-x64'];

function shown(ran: { readonly stdout: string; readonly stderr: string; readonly status: number }): Shown[] {
  assertDone(ran);
  return json(ran)['steps'] as Shown[];
}

function stepOf(steps: readonly Shown[], id: string): Shown {
  const step = steps.find(({ product }) => product === id);
  assert.ok(step, id);
  return step;
}

describe('what a plan would do', { concurrency: 2 }, () => {
  test('the hosting package names all that Windows would see', async (context) => {
    const steps = shown(await zookitWorld(context).run(['plan', 'PythonHostingPackage', ...on, '--json']));
    assert.deepEqual(
      steps.map(({ product, installer }) => `${product} ${installer?.kind ?? ''}`),
      [
        ...['Python archive', 'PythonWorkers payload', 'VCRuntime exe', 'IISFeatures feature'],
        ...['HttpPlatformHandler msi', 'PythonHostingPackage hosting'],
      ],
    );
    for (const { product, commands, files } of steps) assert.ok(commands.length + files.length > 0, product);
    const programsRun = steps.map(({ commands }) => [...new Set(commands.map(({ command }) => command[0]))]);
    assert.deepEqual(programsRun, [
      [`${programs}\\python\\3.13\\python.exe`, `${system}\\reg.exe`],
      [],
      ['%InstallerFile%'],
      [`${system}\\dism.exe`],
      [`${system}\\msiexec.exe`],
      [`${system}\\inetsrv\\appcmd.exe`, `${system}\\icacls.exe`],
    ]);
    const workers = stepOf(steps, 'PythonWorkers').files;
    assert.ok(workers.includes(`${programs}\\hosting\\zoofcgi.py`));
    const { commands, files } = stepOf(steps, 'PythonHostingPackage');
    const registration = commands.at(-1);
    assert.match(
      registration?.command[4] ?? '',
      /^\/\+\[fullPath='C:.*maxInstances='%NUMBER_OF_PROCESSORS%'/,
    );
    assert.match(registration?.undo?.[4] ?? '', /^\/-\[fullPath='C:.*zoofcgi\.py"'\]$/);
    assert.deepEqual(files, [`${programs}\\python`, `${programs}\\environments`, `${programs}\\hosting`]);
    for (const { downloads } of steps) {
      for (const { name, sha256, urls } of downloads) {
        assert.notEqual(name, '');
        assert.ok(sha256 !== undefined || urls?.every((url) => !/^https?:/.test(url)), name);
      }
    }
  });

  test('packages are named by their wheels, never by an index', async (context) => {
    const steps = shown(await zookitWorld(context).run(['plan', 'Django', ...on, '--json']));
    const { commands, downloads, files } = stepOf(steps, 'Django');
    assert.ok(downloads.length > 1);
    for (const each of downloads) assert.deepEqual(Object.keys(each), ['name', 'sha256']);
    assert.equal(commands[0]?.command[0], `${programs}\\python\\3.13\\python.exe`);
    assert.ok(commands[1]?.command.some((word) => /^Django==\d/.test(word)));
    assert.deepEqual(files, [`${programs}\\environments\\default`]);
  });

  test('as text below the plan, when more is to be said', async (context) => {
    const zookit = zookitWorld(context);
    const source = ['--feature-source', 'D:\\sources\\sxs'];
    const brief = await zookit.run(['plan', 'IISFeatures', ...on, ...source]);
    assertDone(brief);
    assert.doesNotMatch(brief.stdout, /dism/);
    const { stdout } = await zookit.run(['plan', 'IISFeatures', ...on, ...source, '--verbose']);
    assert.match(stdout, /^ {2}IISFeatures 10\.0\n {4}runs {4}C:\\Windows\\System32\\dism\.exe \/online /m);
    assert.match(stdout, / \/limitaccess \/source:D:\\sources\\sxs$/m);
  });

  test('a secret answer stands in no command', async (context) => {
    const question = '<zk:parameter name="Secret" type="password" title="Secret"/>';
    const installers = `<installer>${fileXml('a.exe', 'x')}<installCommands><cmdLine><exe>%InstallerFile%</exe>
      <commandLineArguments>/p %Secret%</commandLineArguments></cmdLine></installCommands></installer>`;
    const server = await serveFeed(context, feedXml(entryXml('App', '1', { more: question, installers })));
    const words = ['plan', 'App', '--main-feed', server.feed, '--param', 'Secret=topsecret', ...on];
    const ran = await zookitWorld(context).run([...words, '--json']);
    assert.deepEqual(stepOf(shown(ran), 'App').commands, [{ command: ['%InstallerFile%', '/p %Secret%'] }]);
    assert.doesNotMatch(ran.stdout + ran.stderr, /topsecret/);
  });

  test('what is present does nothing', async (context) => {
    const zookit = zookitWorld(context);
    const words = ['PythonWorkers', '--json'];
    assertDone(await zookit.run(['install', ...words]));
    const [step] = shown(await zookit.run(['plan', ...words]));
    assert.deepEqual([step?.status, step?.commands, step?.files, step?.downloads], ['present', [], [], []]);
  });
});
