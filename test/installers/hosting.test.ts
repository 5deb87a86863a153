// What IIS must know before it runs Python sites: every command word for word, in its order, with what takes it back.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { fastCgiApplication, scriptProcessor, usualPrograms } from '../../installers/iis/fast-cgi.js';
import type { HostingRequest } from '../../installers/iis/hosting-commands.js';
import { hostingCommands } from '../../installers/iis/hosting-commands.js';
import { hostingKind } from '../../installers/hosting.js';
import { siteWebConfig } from '../../installers/webconfig.js';
import { AppError } from '../../src/errors.js';
import { undo } from '../../src/install/undo.js';
import { parseXml } from '../../src/lib/xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import type { JobAbout, TestJob } from '../helpers/job.js';
import { jobOf, windows } from '../helpers/job.js';
import type { Answer } from '../helpers/recorded-run.js';
import { recordedRun } from '../helpers/recorded-run.js';

const appcmd = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
const icacls = 'C:\\Windows\\System32\\icacls.exe';
const cmd = 'C:\\Windows\\System32\\cmd.exe';
const programs = 'C:\\Program Files\\Zookit';
const fastCgi = [appcmd, 'set', 'config', '-section:system.webServer/fastCgi'];
const key = `fullPath='${programs}\\python\\3.13\\python.exe',arguments='"${programs}\\hosting\\zoofcgi.py"'`;
const settings =
  "maxInstances='8',instanceMaxRequests='10000',activityTimeout='600',requestTimeout='600',signalBeforeTerminateSeconds='15'";

const request: HostingRequest = {
  programs,
  pythonMinor: '3.13',
  cores: '8',
  backup: 'zookit-hosting',
  tools: { appcmd, icacls, cmd },
};

function rights(name: string) {
  const folder = `${programs}\\${name}`;
  return [
    [[icacls, folder, '/reset', '/T', '/C', '/Q'], undefined],
    [
      [icacls, folder, '/grant', '*S-1-5-32-568:(OI)(CI)RX', '/Q'],
      [icacls, folder, '/remove:g', '*S-1-5-32-568', '/Q'],
    ],
  ];
}

const registration = [
  [...fastCgi, `/+[${key},${settings}]`, '/commit:apphost'],
  [...fastCgi, `/-[${key}]`, '/commit:apphost'],
];

test('a copy first, then rights by SID, then the FastCGI program; each with its reason', () => {
  const commands = hostingCommands(request);
  assert.deepEqual(
    commands.map(({ command, undo: back }) => [command, back]),
    [
      [[appcmd, 'add', 'backup', 'zookit-hosting'], undefined],
      ...rights('python'),
      ...rights('environments'),
      ...rights('hosting'),
      registration,
    ],
  );
  for (const { why } of commands) assert.match(why, /^[a-z IS:`].{20,}[^.]$/);
  assert.deepEqual(commands.at(-1)?.already, [183]);
});

test('a Python of somebody else serves under the name that every web.config has', () => {
  const commands = hostingCommands({ ...request, elsewhere: 'C:\\Python 313' });
  const own = `${programs}\\python\\3.13`;
  assert.deepEqual(
    commands.slice(-2).map(({ command, undo: back }) => [command, back]),
    [
      [
        [cmd, '/d', '/c', 'mklink', '/J', own, 'C:\\Python 313'],
        [cmd, '/d', '/c', 'rmdir', own],
      ],
      registration,
    ],
  );
});

test('the handbook shows the very commands', () => {
  const text = readFileSync(new URL('../../../installers/README.md', import.meta.url), 'utf8');
  const tools = { appcmd: 'appcmd', icacls: 'icacls', cmd: 'cmd' };
  const cores = '%NUMBER_OF_PROCESSORS%';
  const shown = (words: readonly string[]): string =>
    words.map((word) => (/[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word)).join(' ');
  for (const each of hostingCommands({ ...request, tools, cores, elsewhere: 'C:\\Python313' })) {
    const back = each.undo ? [`#   undone by: ${shown(each.undo)}`] : [];
    const lines = [`# ${each.why}`, shown(each.command), ...back].join('\n');
    assert.ok(text.includes(lines), lines);
  }
});

test('quotes in a path are doubled, those around arguments stay', () => {
  const last = hostingCommands({ ...request, programs: "C:\\O'Neil" }).at(-1);
  assert.equal(
    last?.command[4],
    `/+[fullPath='C:\\O''Neil\\python\\3.13\\python.exe',arguments='"C:\\O''Neil\\hosting\\zoofcgi.py"',${settings}]`,
  );
});

test('what is registered are the very words of a site of the fastcgi form', () => {
  const text = siteWebConfig({
    form: 'fastcgi',
    applicationName: 'python.project',
    pythonMinor: '3.12',
    variables: [],
  });
  const found: string[] = [];
  const look = (element: ReturnType<typeof parseXml>): void => {
    for (const { name, value } of element.attributes) if (name === 'scriptProcessor') found.push(value);
    element.children.forEach(look);
  };
  look(parseXml(text));
  const application = fastCgiApplication(usualPrograms, '3.12');
  assert.deepEqual(found, [scriptProcessor(application)]);
  const words = hostingCommands({ ...request, pythonMinor: '3.12' }).at(-1)?.command[4] ?? '';
  assert.ok(words.includes(`fullPath='${application.fullPath}',arguments='${application.arguments}'`));
});

interface Trial extends TestJob {
  readonly kind: ReturnType<typeof hostingKind>;
}

/** A server whose own Python lies where it belongs. */
function trial(
  context: TestContext,
  answers: Readonly<Record<string, Answer>> = { '': {} },
  about: JobAbout['job'] = {},
): Trial {
  const folder = temporaryFolder(context);
  const interpreter = { version: '3.13.5', path: `${folder}\\python\\3.13\\python.exe` };
  const made = jobOf(
    context,
    { kind: 'hosting' },
    { answers, job: { programs: folder, interpreter, ...about } },
  );
  return { ...made, kind: hostingKind({ environment: windows }) };
}

test('all is run, and what can be taken back is in the journal before', async (context) => {
  const listed = '<appcmd><BACKUP BACKUP.NAME="Zookit-Hosting"/><BACKUP BACKUP.NAME="b"/></appcmd>';
  const { kind, job, commands, changes } = trial(context, { 'list backup': { stdout: listed }, '': {} });
  const { leftToDo } = await kind.apply(job);
  assert.match(
    leftToDo?.join('\n') ?? '',
    /names 'C:\\Program Files\\Zookit', and this root is '.*zookit-test-/,
  );
  const run = commands.filter((line) => !/ list /.test(line));
  assert.equal(run.length, 8);
  assert.equal(run[0], `${appcmd} add backup zookit-hosting-2`);
  assert.match(run.at(-1) ?? '', /maxInstances='\d+',/);
  assert.deepEqual(
    changes.map((change) => change.kind === 'ran' && change.undo?.[2]),
    ['/remove:g', '/remove:g', '/remove:g', 'config'],
  );
  // The newest first; what is gone with its folder, or was registered never, is no failure.
  const back = recordedRun({ '/remove:g': { status: 2 }, '/-[': { status: 4312 } });
  const tools = { run: back.run, pipPythons: [], wheelFolders: [] };
  assert.deepEqual(await undo({ changes, kind, tools }), []);
  assert.deepEqual(
    back.commands.map((line) => line.split(' ')[0]),
    [appcmd, icacls, icacls, icacls],
  );
});

test('registered already is as good; any other failure ends it, in words', async (context) => {
  const there = trial(context, { '/+[': { status: 183 }, '': {} });
  await there.kind.apply(there.job);
  assert.equal(there.changes.length, 4);
  const failing = trial(context, { 'hosting /grant': { status: 5, stderr: 'Zugriff verweigert\n' }, '': {} });
  await assert.rejects(failing.kind.apply(failing.job), (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.message, `'${icacls}' ended with 5`);
    assert.match(
      error.details.join('\n'),
      /the accounts of all application pools read[^]*Zugriff verweigert/,
    );
    return true;
  });
  assert.ok(!failing.commands.some((line) => line.includes('fastCgi')));
});

test('a Python elsewhere is linked, unless the place is taken by one', async (context) => {
  const interpreter = { version: '3.13.5', path: 'C:\\Python313\\python.exe' };
  const first = trial(context, { '': {} }, { interpreter });
  await first.kind.apply(first.job);
  assert.equal(first.commands.filter((line) => /mklink \/J .*3\.13 C:\\Python313$/.test(line)).length, 1);
  const second = trial(context, { '': {} }, { interpreter });
  const own = join(second.job.programs, 'python', '3.13');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'python.exe'), '');
  await second.kind.apply(second.job);
  assert.ok(!second.commands.some((line) => line.includes('mklink')));
});

test('a folder whose name cmd.exe would read as a command is refused, before anything is changed', async (context) => {
  for (const [folder, isRefused] of [
    ['C:\\R&D\\Python313', true],
    ['C:\\100% R\\Python313', true],
    ['C:\\Program Files (x86)\\Python313', false],
  ] as const) {
    const interpreter = { version: '3.13.5', path: `${folder}\\python.exe` };
    const { kind, job, changes } = trial(context, { '': {} }, { interpreter });
    const refused = await kind.apply(job).then(
      () => false,
      (error: unknown) => error instanceof AppError && error.message.includes(folder),
    );
    assert.deepEqual([refused, changes.length], isRefused ? [true, 0] : [false, 5], folder);
  }
});

test('without IIS, and without Python, nothing is changed', async (context) => {
  const bare = trial(context, {});
  await assert.rejects(bare.kind.apply(bare.job), (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'NO_INSTALLER');
    assert.match(error.details.join('\n'), /appcmd\.exe[^]*may need a restart/);
    assert.match(error.hint ?? '', /zookit install IISFeatures/);
    return true;
  });
  const pythonless = jobOf(context, { kind: 'hosting' });
  await assert.rejects(bare.kind.apply(pythonless.job), /needs Python, which its feed does not depend on/);
  const linux = trial(context, {}, { platform: { os: 'linux', arch: 'x64', osVersion: '' } });
  await assert.rejects(linux.kind.apply(linux.job), /runs on Windows only/);
  for (const { changes } of [bare, linux]) assert.deepEqual(changes, []);
});

test('a configuration that servers share is changed only when somebody says so', async (context) => {
  const shared =
    '<configuration><configurationRedirection enabled="true" path="\\\\farm\\iis"/></configuration>';
  const read = (path: string) =>
    Promise.resolve(path.endsWith('\\inetsrv\\config\\redirection.config') ? shared : undefined);
  const kind = hostingKind({ environment: windows, read });
  const { job, changes } = trial(context);
  await assert.rejects(kind.apply(job), (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.match(error.details.join('\n'), /'\\\\farm\\iis' \(redirection\.config\)/);
    assert.match(error.hint ?? '', /--shared-configuration/);
    return true;
  });
  assert.deepEqual(changes, []);
  await kind.apply({ ...job, sharedConfiguration: true });
  assert.equal(changes.length, 4);
});
