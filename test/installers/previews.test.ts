// What each kind says that it would do: the words that it would run, the paths of the machine that the plan is for. No disk is
// touched; what is said and what is done come from the same lines, which the other tests of a kind hold word for word.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { installerKinds } from '../../installers/index.js';
import type { Preview, PreviewRequest } from '../../src/kind.js';
import type { InstallerAction, Platform, Step } from '../../src/types.js';
import { command, jobOf } from '../helpers/job.js';

const windows: Platform = { os: 'windows', arch: 'x64', osVersion: '10.0' };
const linux: Platform = { os: 'linux', arch: 'x64', osVersion: '', libc: { name: 'glibc', version: '2.36' } };
const programs = 'C:\\Program Files\\Zookit';
const python = `${programs}\\python\\3.13\\python.exe`;
const environment = `${programs}\\environments\\default`;

function preview(
  context: TestContext,
  action: InstallerAction,
  about: Partial<PreviewRequest> & { readonly entry?: Step['entry'] } = {},
): Preview {
  const { entry, ...rest } = about;
  const { step } = jobOf(context, action, entry ? { entry } : {}).job;
  const found = installerKinds.get(action.kind)?.preview?.({
    step,
    platform: windows,
    programs,
    environment,
    interpreter: { version: '3.13.5', path: python },
    values: new Map(),
    logs: 'C:\\logs',
    ...rest,
  });
  assert.ok(found, action.kind);
  return found;
}

test('every kind tells what it would do', () => {
  for (const [name, kind] of installerKinds) assert.ok('preview' in kind, name);
});

test('folders and files below the programs of the target', (context) => {
  const archive = { kind: 'archive', strip: 1, into: 'tools/uv' } as const;
  assert.deepEqual(preview(context, archive), { commands: [], files: [`${programs}\\tools\\uv`] });
  const there = { platform: linux, programs: '/var/lib/zookit' };
  assert.deepEqual(preview(context, archive, there).files, ['/var/lib/zookit/tools/uv']);
  const files = [{ url: 'x', path: 'below/a.py' }];
  assert.deepEqual(preview(context, { kind: 'payload', files, into: 'hosting' }).files, [
    `${programs}\\hosting\\below\\a.py`,
  ]);
  const script = {
    kind: 'script',
    files,
    run: ['a.py', 'x y'],
    undo: ['a.py', '--undo'],
    returnCodes: [],
  } as const;
  assert.deepEqual(preview(context, script), {
    commands: [{ command: [python, 'a.py', 'x y'], undo: [python, 'a.py', '--undo'] }],
    files: [`${programs}\\products\\Demo\\below\\a.py`],
  });
  assert.deepEqual(preview(context, { kind: 'none' }), { commands: [], files: [] });
});

test('a Python that is unpacked on Windows is compiled and registered; elsewhere it is not', (context) => {
  const action = { kind: 'archive', strip: 0, into: 'python/3.13', register: 'python' } as const;
  const { commands } = preview(context, action);
  assert.equal(commands.length, 8);
  assert.equal(commands[0]?.command[0], python);
  assert.deepEqual(
    [...new Set(commands.slice(1).map((each) => each.command[0]))],
    ['C:\\Windows\\System32\\reg.exe'],
  );
  assert.deepEqual(preview(context, action, { platform: linux, programs: '/p' }).commands, []);
});

const wheel = (name: string) => ({ name, sha256: 'h' });
const packages = [
  { name: 'Django', version: '5.2', files: [wheel('django-5.2-py3-none-any.whl')] },
  {
    name: 'tzdata',
    version: '1',
    marker: 'sys_platform == "win32"',
    files: [wheel('tzdata-1-py3-none-any.whl')],
  },
];

test('packages by pip or uv, for the target and its Python; the environment is made once', (context) => {
  const action = { kind: 'python', python: '', packages } as const;
  const inside = `${environment}\\Scripts\\python.exe`;
  const quiet = ['--isolated', '--quiet', '--no-input', '--disable-pip-version-check'];
  const pip = [python, '-m', 'pip', '--python', inside];
  const pins = ['--no-index', '--no-deps', 'Django==5.2', 'tzdata==1'];
  assert.deepEqual(preview(context, action), {
    commands: [
      { command: [python, '-I', '-m', 'venv', '--without-pip', environment] },
      {
        command: [...pip, 'install', ...quiet, '--no-warn-script-location', '--no-compile', ...pins],
        undo: [...pip, 'uninstall', ...quiet, '--yes', 'Django', 'tzdata'],
      },
    ],
    files: [environment],
  });
  const there = { environmentThere: true, uv: 'uv', platform: linux, environment: '/e' };
  assert.deepEqual(preview(context, action, there), {
    commands: [
      {
        command: [
          'uv',
          'pip',
          'install',
          '--python',
          '/e/bin/python',
          '--no-index',
          '--no-deps',
          'Django==5.2',
        ],
        undo: ['uv', 'pip', 'uninstall', '--python', '/e/bin/python', 'Django'],
      },
    ],
    files: [],
  });
});

test("the system's package manager: the one that has the packages, else the usual one", (context) => {
  const names = ['python3.13'];
  const action = {
    kind: 'system',
    packages: (['apt', 'dnf', 'brew'] as const).map((manager) => ({ manager, names })),
  } as const;
  const first = (about: Partial<PreviewRequest>) => preview(context, action, about).commands[0];
  assert.deepEqual(first({ platform: linux }), {
    command: ['apt-get', 'install', '--yes', '--no-install-recommends', 'python3.13'],
    undo: ['apt-get', 'remove', '--yes', 'python3.13'],
  });
  const offered = { platform: linux, systemPackages: new Set(['dnf:python3.13']) };
  assert.equal(first(offered)?.command[0], 'dnf');
  assert.equal(first({ platform: { os: 'macos', arch: 'arm64', osVersion: '14' } })?.command[0], 'brew');
});

test("WebPI's commands: the very line, the file by the feed's name for it", (context) => {
  const code = '{11111111-2222-3333-4444-555555555555}';
  const { entry } = jobOf(context, { kind: 'none' }, { entry: { hint: { kind: 'msiProduct', code } } }).job
    .step;
  const msi = command('msi', '"%InstallerFile%"', {
    properties: 'DIR="%ProgramFiles%\\D" PASSWORD=%DbPassword%',
  });
  const zip = command('unzip', '%InstallerFile%', { arguments: '"%SystemDrive%\\Apps"' });
  const exe = command('cmdline', '%InstallerFile%', { arguments: '/quiet /to "%Folder%"' });
  const shell = command('cmdline', 'cmd.exe', { arguments: '/c echo' });
  assert.deepEqual(
    preview(
      context,
      { kind: 'msi', commands: [msi, zip, exe, shell] },
      {
        values: new Map([['Folder', 'D:\\x']]),
        ...(entry ? { entry } : {}),
      },
    ),
    {
      commands: [
        {
          command: [
            'C:\\Windows\\System32\\msiexec.exe',
            '/i "%InstallerFile%" /qn /norestart /l*v "C:\\logs\\Demo-1.0-1.log" DIR="C:\\Program Files\\D" PASSWORD=%DbPassword% REBOOT=ReallySuppress',
          ],
          undo: [
            'C:\\Windows\\System32\\msiexec.exe',
            '/x',
            code,
            '/qn',
            '/norestart',
            'REBOOT=ReallySuppress',
          ],
        },
        { command: ['%InstallerFile%', '/quiet /to "D:\\x"'] },
        { command: ['cmd.exe', '/c echo'] },
      ],
      files: ['C:\\Apps'],
    },
  );
});

test('features, with the place of their files where one is named', (context) => {
  const dism = ['C:\\Windows\\System32\\dism.exe', '/online', '/english', '/enable-feature'];
  const more = ['/featurename:IIS-CGI', '/all', '/norestart', '/limitaccess'];
  const action = { kind: 'feature', names: ['IIS-CGI'] } as const;
  assert.deepEqual(preview(context, action).commands, [{ command: [...dism, ...more] }]);
  assert.deepEqual(preview(context, action, { featureSource: 'D:\\sources\\sxs' }).commands, [
    { command: [...dism, ...more, '/source:D:\\sources\\sxs'] },
  ]);
});

test('a project: the files of its skeleton under their names, and what is written besides', (context) => {
  const action = { kind: 'template', href: '/t' } as const;
  const { commands, files } = preview(context, action, {
    project: 'C:\\sites\\shop',
    skeleton: [
      'deploy.py',
      '@@ProjectName@@/urls.py',
      '@@Nobody@@.py',
      '_gitignore',
      'a/__pycache__/b.py',
      'c.pyc',
    ],
    values: new Map([['ProjectName', 'shop']]),
  });
  assert.deepEqual(
    files.map((path) => path.replace('C:\\sites\\shop\\', '')),
    [
      ...['.gitignore', '@@Nobody@@.py', 'data\\secret.key', 'deploy.py', 'log', 'media\\web.config'],
      ...['shop\\urls.py', 'static.web.config', 'static\\web.config', 'web.config'],
    ],
  );
  assert.deepEqual(commands, [
    { command: [python, `${programs}\\hosting\\zoodeploy.py`, '--site', 'C:\\sites\\shop'] },
  ]);
});
