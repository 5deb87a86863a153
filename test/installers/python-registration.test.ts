// A Python that is unpacked on Windows: compiled, and told to the registry under our own company (PEP 514), word for word.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { archiveKind } from '../../installers/archive.js';
import { compileCommand, registrationCommands } from '../../installers/python-registration.js';
import { makeZip } from '../helpers/archives.js';
import { temporaryFolder } from '../helpers/folder.js';
import { jobOf, windows } from '../helpers/job.js';
import type { Answer } from '../helpers/recorded-run.js';
import { recordedRun } from '../helpers/recorded-run.js';

const reg = 'C:\\Windows\\System32\\reg.exe';
const folder = 'C:\\Program Files\\Zookit\\python\\3.13';
const key = 'HKLM\\SOFTWARE\\Python\\Zookit\\3.13';
const tail = (value: string, view: string) => ['/t', 'REG_SZ', '/d', value, '/f', view];

test('all values of PEP 514, where programs of its width look', () => {
  for (const [arch, view, width] of [
    ['x64', '/reg:64', '64bit'],
    ['arm64', '/reg:64', '64bit'],
    ['x86', '/reg:32', '32bit'],
  ] as const) {
    const commands = registrationCommands({ folder, version: '3.13.5', arch }, windows);
    const place = `${key}\\InstallPath`;
    assert.deepEqual(
      commands.map(({ command }) => command),
      [
        [reg, 'add', place, '/ve', ...tail(folder, view)],
        [reg, 'add', key, '/v', 'DisplayName', ...tail('Python 3.13 (Zookit)', view)],
        [reg, 'add', key, '/v', 'Version', ...tail('3.13.5', view)],
        [reg, 'add', key, '/v', 'SysVersion', ...tail('3.13', view)],
        [reg, 'add', key, '/v', 'SysArchitecture', ...tail(width, view)],
        [reg, 'add', place, '/v', 'ExecutablePath', ...tail(`${folder}\\python.exe`, view)],
        [reg, 'add', place, '/v', 'WindowedExecutablePath', ...tail(`${folder}\\pythonw.exe`, view)],
      ],
    );
    const backs = commands.flatMap(({ undo }) => (undo ? [undo] : []));
    assert.deepEqual(backs, [[reg, 'delete', key, '/f', view]], 'one undo for the whole key');
  }
});

test('the library is compiled by the Python itself, without its tests', () => {
  assert.deepEqual(compileCommand(folder), [
    `${folder}\\python.exe`,
    ...['-I', '-X', 'utf8', '-m', 'compileall', '-q', '-q', '-j', '0'],
    ...['-x', '[\\\\/](test|tests|idlelib)[\\\\/]', `${folder}\\Lib`],
  ]);
});

function unpacked(
  context: TestContext,
  answers: Readonly<Record<string, Answer>>,
  admin = true,
  os: 'windows' | 'linux' = 'windows',
) {
  const programs = temporaryFolder(context);
  const file = join(programs, 'python.zip');
  writeFileSync(file, makeZip([{ name: 'python.exe', content: 'x' }]));
  const made = jobOf(
    context,
    { kind: 'archive', strip: 0, into: 'python/3.13', register: 'python' },
    { answers, file, job: { programs, platform: { os, arch: 'x64', osVersion: '' } } },
  );
  const kind = archiveKind({ environment: windows, isAdministrator: () => Promise.resolve(admin) });
  return { ...made, kind, goal: join(programs, 'python', '3.13') };
}

test('unpacked, compiled, registered; a failing compiler is no failure', async (context) => {
  const { kind, job, commands, changes, goal } = unpacked(context, {
    compileall: { status: 1, stderr: 'boom' },
    query: { status: 1 },
    '': {},
  });
  assert.deepEqual(await kind.apply(job), { path: goal });
  assert.match(commands[0] ?? '', /python\.exe -I .*compileall/);
  assert.equal(commands[1], `${reg} query HKLM\\SOFTWARE\\Python\\Zookit\\1.0\\InstallPath /ve /reg:64`);
  assert.equal(commands.filter((line) => line.startsWith(`${reg} add`)).length, 7);
  assert.equal(changes.filter(({ kind: what }) => what === 'ran').length, 1);
});

test("a key of another Python's is kept and told", async (context) => {
  const other = `\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Python\\Zookit\\1.0\\InstallPath\r\n    (Standard)    REG_SZ    D:\\My Python\\\r\n\r\n`;
  const { kind, job, commands, changes, goal } = unpacked(context, { query: { stdout: other }, '': {} });
  const { path, leftToDo } = await kind.apply(job);
  assert.equal(path, goal);
  assert.match(leftToDo?.join('\n') ?? '', /^Demo 1\.0 is not registered .*Zookit\\1\.0' .*'D:\\My Python'$/);
  assert.ok(!commands.some((line) => line.includes(' add ')));
  assert.ok(!changes.some(({ kind: what }) => what === 'ran'));
});

test('without rights it is told; on another system there is nothing to tell', async (context) => {
  const { kind, job, commands } = unpacked(context, { '': {} }, false);
  const { leftToDo } = await kind.apply(job);
  assert.match(leftToDo?.join('\n') ?? '', /needs administrator rights$/);
  assert.ok(!commands.some((line) => line.startsWith(reg)));
  const linux = unpacked(context, { '': {} }, true, 'linux');
  assert.deepEqual(await linux.kind.apply(linux.job), { path: linux.goal });
  assert.deepEqual(linux.commands, []);
});

test('going, it takes the key along only while that means its folder', async (context) => {
  const { kind, job, changes } = unpacked(context, { query: { status: 1 }, '': {} });
  await kind.apply(job);
  const registered = changes.find(({ kind: what }) => what === 'ran');
  assert.ok(registered?.kind === 'ran');
  const own = registered.command[registered.command.indexOf('/d') + 1] ?? '';
  const about = (place: string | undefined) => {
    const stdout = `    (Default)    REG_SZ    ${place ?? ''}\r\n`;
    const answer = place === undefined ? { status: 1 } : { stdout };
    const tools = { run: recordedRun({ query: answer }).run, pipPythons: [], wheelFolders: [] };
    return kind.stillOwn?.(changes, tools);
  };
  for (const place of [own, `${own.toUpperCase()}\\`, undefined])
    assert.deepEqual(await about(place), { changes, kept: [] });
  const foreign = await about('E:\\Other');
  assert.deepEqual(
    foreign?.changes,
    changes.filter((change) => change !== registered),
  );
  assert.match(foreign.kept.join('\n'), /Zookit\\1\.0' stays: it means 'E:\\Other'/);
});
