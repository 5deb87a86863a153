// Every command line that Windows would see, word for word; the tier `wine` runs them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { commandLineOf, logPath } from '../../installers/command-lines.js';
import { commandKind } from '../../installers/install-commands.js';
import { productCode } from '../../installers/product-code.js';
import { enableFeatures, featureKind } from '../../installers/feature.js';
import { AppError } from '../../src/errors.js';
import { undo } from '../../src/install/undo.js';
import type { InstallerKind } from '../../src/kind.js';
import type { InstallCommand, KindName } from '../../src/types.js';
import { makeZip } from '../helpers/archives.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import type { JobAbout, TestJob } from '../helpers/job.js';
import { command, jobOf, windows } from '../helpers/job.js';
import { recordedRun } from '../helpers/recorded-run.js';

type Name = Parameters<typeof commandKind>[0];

const system = 'C:\\Windows\\System32';
const code = '{11111111-2222-3333-4444-555555555555}';
const hinted = { hint: { kind: 'msiProduct', code: code.toLowerCase() } } as const;

interface Trial extends TestJob {
  readonly kind: InstallerKind;
  readonly waits: number[];
  readonly log: string;
}

function trial(
  context: TestContext,
  name: Name,
  commands: readonly InstallCommand[],
  about: JobAbout = {},
): Trial {
  const waits: number[] = [];
  const wait = (milliseconds: number): Promise<void> => Promise.resolve(void waits.push(milliseconds));
  const kind = commandKind(name, name === 'msi', { environment: windows, wait });
  const made = jobOf(context, { kind: name, commands }, about);
  return { ...made, kind, waits, log: logPath(made.job, 0) };
}

function isFailure(message: RegExp, details: readonly (string | RegExp)[] = [], hint?: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof AppError);
    assert.match(error.message, message);
    for (const wanted of details) {
      const found = error.details.some((line) =>
        wanted instanceof RegExp ? wanted.test(line) : line === wanted,
      );
      assert.ok(found, `${String(wanted)} is not in:\n${error.details.join('\n')}`);
    }
    if (hint) assert.match(error.hint ?? '', hint);
    return true;
  };
}

test('msi: silent, never restarting, with a log, taken away by its code', async (context) => {
  const properties = 'ALLUSERS=1 ADDLOCAL="A,B" REBOOT=Force /forcerestart';
  const { kind, job, commands, changes, options, log } = trial(
    context,
    'msi',
    [command('msi', '"%InstallerFile%"', { properties, arguments: '/qn TARGET="%ProgramFiles%\\D"' })],
    { entry: hinted },
  );
  assert.deepEqual(await kind.apply(job), {});
  const line =
    `/i "C:\\cache\\demo file.msi" /qn /norestart /l*v "${log}" ` +
    'ALLUSERS=1 ADDLOCAL="A,B" TARGET="C:\\Program Files\\D" REBOOT=ReallySuppress';
  assert.deepEqual(
    commands.filter((each) => !each.includes('reg.exe query ')),
    [`${system}\\msiexec.exe ${line}`],
  );
  assert.equal(options.at(-1)?.verbatim, true);
  assert.deepEqual(changes, [
    {
      kind: 'ran',
      command: [`${system}\\msiexec.exe`, line],
      undo: [`${system}\\msiexec.exe`, '/x', code, '/qn', '/norestart', 'REBOOT=ReallySuppress'],
      gone: [3010, 1641, 1605, 1614],
      busy: [1618],
    },
  ]);
  assert.deepEqual(tree(join(log, '..', '..')), ['logs'], 'the folder of logs is there for msiexec');
});

test('msi: undone by its code; what is not there counts as gone, what failed does not', async (context) => {
  const { kind, job, changes } = trial(context, 'msi', [command('msi', '%InstallerFile%')], {
    entry: hinted,
  });
  await kind.apply(job);
  for (const [status, left] of [
    [0, 0],
    [1605, 0],
    [3010, 0],
    [1603, 1],
  ] as const) {
    const { run, commands } = recordedRun({ '/x': { status } });
    const tools = { run, pipPythons: [], wheelFolders: [] };
    assert.equal((await undo({ changes, kind, tools })).length, left, String(status));
    assert.deepEqual(commands, [`${system}\\msiexec.exe /x ${code} /qn /norestart REBOOT=ReallySuppress`]);
  }
});

test('msi: taken away when another installation has ended, and a restart is told', async (context) => {
  const { kind, job, changes } = trial(context, 'msi', [command('msi', '%InstallerFile%')], {
    entry: hinted,
  });
  await kind.apply(job);
  const statuses = [1618, 1618, 3010];
  const { run } = recordedRun({ '/x': () => ({ status: statuses.shift() ?? 1 }) });
  const told: string[] = [];
  const waits: number[] = [];
  const wait = (milliseconds: number): Promise<void> => Promise.resolve(void waits.push(milliseconds));
  const tools = { run, wait, tell: (text: string) => told.push(text), pipPythons: [], wheelFolders: [] };
  assert.deepEqual(await undo({ changes, kind, tools }), []);
  assert.deepEqual([statuses, waits], [[], [5000, 10_000]]);
  assert.match(told.join('\n'), /Another installation is running[^]*A restart of the machine is needed/);
});

test('msi: what was there before, though its hint did not find it, is never taken away by an undo', async (context) => {
  const query = { stdout: `\r\nHKEY_LOCAL_MACHINE\\X\\Uninstall\\${code.toLowerCase()}\r\n` };
  for (const [place, view] of [
    ['HKLM', '64'],
    ['HKLM', '32'],
    ['HKCU', '64'],
  ]) {
    const there = {
      [`query ${place}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\${code} /reg:${view}`]:
        query,
    };
    const about = { entry: hinted, answers: { ...there, '/i': { status: 1603 } } };
    const bad = trial(context, 'msi', [command('msi', '%InstallerFile%')], about);
    await assert.rejects(bad.kind.apply(bad.job), isFailure(/1603/));
    assert.deepEqual(bad.changes, []);
    const good = trial(context, 'msi', [command('msi', '%InstallerFile%')], {
      ...about,
      answers: { ...there, '': {} },
    });
    const { changes = [] } = await good.kind.apply(good.job);
    assert.deepEqual(good.changes, [], 'nor when it is not found afterwards');
    assert.deepEqual(
      changes.map((change) => 'undo' in change),
      [false],
      'nor when somebody takes the product away',
    );
    const again = await good.kind.apply({ ...good.job, isOurs: true });
    assert.deepEqual(
      again.changes?.map((change) => 'undo' in change),
      [true],
      'but for what Zookit has brought itself',
    );
  }
});

test('msi: an upgrade that fails is left to Windows Installer, which keeps the older version', async (context) => {
  const about = { entry: hinted, from: '0.9' };
  const good = trial(context, 'msi', [command('msi', '%InstallerFile%')], about);
  const { changes = [] } = await good.kind.apply(good.job);
  assert.deepEqual([good.changes.length, changes.length], [0, 1], 'told when the newer one was found');
  const bad = trial(context, 'msi', [command('msi', '%InstallerFile%')], {
    ...about,
    answers: { '/i': { status: 1603 } },
  });
  await assert.rejects(bad.kind.apply(bad.job), isFailure(/1603/));
  assert.deepEqual(bad.changes, []);
});

test('msi: whether it can be taken away depends on what its feed knows', (context) => {
  const can = (commands: readonly InstallCommand[], about: JobAbout): boolean | undefined => {
    const { kind, job } = trial(context, 'msi', commands, about);
    return kind.canUndo?.(job.step);
  };
  const one = command('msi', '%InstallerFile%');
  assert.equal(can([one], { entry: hinted }), true);
  assert.equal(can([one], {}), false);
  assert.equal(can([one, command('cmdline', 'cmd.exe')], { entry: hinted }), false);
});

test('one code in a hint is the product, several are not', () => {
  const other = { kind: 'msiProduct', code: code.replaceAll('1', '9') } as const;
  const key = { kind: 'registry', keyPath: `HKLM\\SOFTWARE\\X\\Uninstall\\${code}`, values: [] } as const;
  assert.equal(productCode(hinted.hint), code);
  assert.equal(productCode({ kind: 'any', of: [hinted.hint, key] }), code);
  assert.equal(productCode({ kind: 'any', of: [hinted.hint, other] }), undefined);
  assert.equal(productCode({ kind: 'not', of: hinted.hint }), undefined);
  assert.equal(productCode({ kind: 'msiProduct', code: '{1} /qb' }), undefined);
});

test('msi: the log of a failure is told in its telling lines', async (context) => {
  const { kind, job, log } = trial(context, 'msi', [command('msi', '%InstallerFile%')], {
    answers: {
      '/i': () => {
        const text =
          'MSI (s) (10:20): Product: Demo -- Internal Error 2739. boom\r\nAction ended 1:02:03: boom. Return value 3.\r\n';
        writeFileSync(log, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
        return { status: 1603 };
      },
    },
  });
  await assert.rejects(
    kind.apply(job),
    isFailure(
      /^The installer of 'Demo' ended with 1603 \(a fatal error during the installation\)$/,
      [/Error 2739.*\[JScript could not start\]$/, /Return value 3\.$/, `Log: ${log}`],
      /regsvr32\.exe jscript\.dll/,
    ),
  );
});

test('secrets stand in no journal and in no log', async (context) => {
  const { kind, job, commands, changes } = trial(
    context,
    'msi',
    [command('msi', '%InstallerFile%', { properties: 'PASSWORD="%DbPassword%" NAME=%DbName%' })],
    { job: { values: new Map([['DbName', 'shop']]), secrets: new Map([['DbPassword', 'top secret']]) } },
  );
  await kind.apply(job);
  assert.match(commands[0] ?? '', /PASSWORD="top secret" NAME=shop/);
  assert.doesNotMatch(commands[0] ?? '', /\/l\*v/);
  assert.match(JSON.stringify(changes), /PASSWORD=\\"\*\*\*\\" NAME=shop/);
  assert.doesNotMatch(JSON.stringify(changes), /top secret/);
});

test('what an installer says is told without the secrets that it was given', async (context) => {
  const { kind, job } = trial(
    context,
    'cmdline',
    [command('cmdline', 'C:\\a.exe', { arguments: '%DbPassword%' })],
    {
      answers: { 'a.exe': { status: 4, stdout: 'login sa/top secret failed\n' } },
      entry: {
        parameters: [{ name: 'DbPassword', type: 'password', title: '', tags: [], choices: [] }],
      },
      job: { values: new Map([['DbPassword', 'top secret']]) },
    },
  );
  await assert.rejects(kind.apply(job), isFailure(/ended with 4/, ['login sa/*** failed']));
});

test('an answer that would change the command line is refused before anything runs', async (context) => {
  const cases: readonly [string, string, string][] = [
    ['setup.exe', 'a" /x "b', 'quotes'],
    ['setup.exe', 'a\nb', 'quotes'],
    ['cmd.exe', 'a & del b', '&'],
    ['C:\\x\\y.bat', '%PATH%', '%'],
  ];
  for (const [program, value, words] of cases) {
    const { kind, job, commands, changes } = trial(
      context,
      'cmdline',
      [command('cmdline', program, { arguments: '/name:%DbName%' })],
      { job: { values: new Map([['DbName', value]]) } },
    );
    await assert.rejects(kind.apply(job), isFailure(/'DbName' cannot be given/, [new RegExp(words)]));
    assert.deepEqual([commands, changes], [[], []]);
  }
});

test('exe, msu, cmdline: the line is passed as the feed wrote it', async (context) => {
  const cases: readonly [Name, InstallCommand, string][] = [
    [
      'exe',
      command('cmdline', '%InstallerFile%', {
        arguments: '/quiet "TARGET=%ProgramFiles%\\A B" /log "%temp%\\a.log" %telemetry%',
      }),
      'C:\\cache\\demo file.msi /quiet "TARGET=C:\\Program Files\\A B" /log "C:\\Users\\a\\Temp\\a.log" ',
    ],
    [
      'msu',
      command('msu', '%InstallerFile%', { arguments: '/quiet /norestart' }),
      `${system}\\wusa.exe "C:\\cache\\demo file.msi" /quiet /norestart`,
    ],
    [
      'cmdline',
      command('cmdline', '%windir%\\System32\\inetsrv\\appcmd.exe', { arguments: "set config /+[a='b']" }),
      "C:\\Windows\\System32\\inetsrv\\appcmd.exe set config /+[a='b']",
    ],
    [
      'cmdline',
      command('cmdline', '"%TMP%\\pip helper.bat"', { arguments: 'install "django==1.4"' }),
      `${system}\\cmd.exe /d /s /c ""C:\\Users\\a\\Temp\\pip helper.bat" install "django==1.4""`,
    ],
  ];
  for (const [name, each, wanted] of cases) {
    const { kind, job, commands, changes, options } = trial(context, name, [each]);
    await kind.apply(job);
    assert.deepEqual(commands, [wanted]);
    assert.equal(options[0]?.verbatim, true);
    assert.deepEqual(
      changes.map((change) => 'undo' in change),
      [false],
      'left as the installer left it',
    );
  }
});

test('a file whose address hid its kind gets a name that Windows can start', async (context) => {
  const folder = temporaryFolder(context);
  const toolCache = join(folder, 'tools');
  for (const [name, magic, ending] of [
    ['fwlink', '4d5a9000', '.exe'],
    ['setup.aspx', 'd0cf11e0a1b11ae1', '.msi'],
    ['update', '4d534346', '.msu'],
    ['Setup.EXE', '4d5a9000', ''],
    ['script.bat', '40656368', ''],
  ] as const) {
    const file = join(folder, name);
    writeFileSync(file, Buffer.from(magic, 'hex'));
    const list = [command('msi', '%InstallerFile%')];
    const { kind, job, commands } = trial(context, 'msi', list, { file, job: { toolCache } });
    await kind.apply(job);
    const copy = join(toolCache, 'installers', basename(folder), name + ending);
    assert.ok(commands[0]?.includes(`/i "${ending === '' ? file : copy}"`), commands[0]);
    if (ending !== '') assert.equal(readFileSync(copy).toString('hex'), magic);
  }
});

test('commands run in their order, and the first failure ends it', async (context) => {
  const list = ['a.exe', 'b.exe', 'c.exe', 'd.exe'].map((program) =>
    command('cmdline', `C:\\${program}`, { ignoreExitCode: program === 'b.exe' }),
  );
  const { kind, job, commands } = trial(context, 'cmdline', list, {
    answers: { 'a.exe': {}, 'b.exe': { status: 7 }, 'c.exe': { status: 8, stderr: 'no\n' }, 'd.exe': {} },
    installer: { logFiles: ['%TEMP%\\c*.log'] },
  });
  await assert.rejects(
    kind.apply(job),
    isFailure(/'Demo' ended with 8$/, ['no', 'Log: C:\\Users\\a\\Temp\\c*.log']),
  );
  assert.deepEqual(
    commands.map((line) => line.trim()),
    ['C:\\a.exe', 'C:\\b.exe', 'C:\\c.exe'],
  );
});

test("exit codes: the feed's word first, then Windows' own", async (context) => {
  const mappings = [
    { code: 2, outcome: 'success' },
    { code: -2067919934, outcome: 'failureRebootRequired', message: 'Restart first.' },
    { code: 3010, outcome: 'failure', message: 'Not even then.' },
  ] as const;
  const apply = (name: Name, status: number, returnCodes: InstallCommand['returnCodes']) => {
    const kind = name === 'exe' ? 'cmdline' : name === 'unzip' ? 'cmdline' : name;
    const made = trial(context, name, [command(kind, '%InstallerFile%', { returnCodes })], {
      answers: { '': { status } },
    });
    return made.kind.apply(made.job);
  };
  assert.deepEqual(await apply('exe', 2, mappings), {});
  assert.deepEqual(await apply('exe', 3010, []), { rebootRequired: true });
  assert.deepEqual(await apply('msi', 1641, []), { rebootRequired: true });
  for (const status of [2359302, 0x80240017]) assert.deepEqual(await apply('msu', status, []), {});
  assert.deepEqual(await apply('msu', 2359301, []), { rebootRequired: true });
  for (const status of [5, 0x80070005])
    await assert.rejects(apply('msu', status, []), isFailure(/access was denied/, [], /Over WinRM wusa/));
  await assert.rejects(apply('exe', 3010, mappings), isFailure(/3010/, ['Not even then.']));
  await assert.rejects(apply('cmdline', 3010, []), isFailure(/3010/));
  await assert.rejects(
    apply('exe', -2067919934 >>> 0, mappings),
    isFailure(/'Demo' can be installed only after a restart/, ['Restart first.'], /Restart the machine/),
  );
  await assert.rejects(apply('msi', 1620, []), isFailure(/1620 \(the package is damaged/));
  await assert.rejects(apply('exe', 0x80070643, []), isFailure(/0x80070643 \(a fatal error/));
});

test('another installation is waited for with growing pauses, and not for ever', async (context) => {
  let tries = 0;
  const answers = { '/i': () => ({ status: (tries += 1) > 3 ? 0 : 1618 }) };
  const patient = trial(context, 'msi', [command('msi', '%InstallerFile%')], { answers });
  const told: string[] = [];
  await patient.kind.apply({ ...patient.job, tell: (text) => told.push(text) });
  assert.deepEqual(patient.waits, [5000, 10000, 20000]);
  assert.match(told[0] ?? '', /^Another installation is running: trying again in 5 s$/);
  const forever = trial(context, 'msi', [command('msi', '%InstallerFile%')], {
    answers: { '/i': { status: 1618 } },
  });
  await assert.rejects(
    forever.kind.apply(forever.job),
    isFailure(/1618 \(another installation is running\)/),
  );
  const sum = forever.waits.reduce((all, each) => all + each, 0);
  assert.ok(sum > 500_000 && sum <= 600_000, String(sum));
});

test('unzip: a new folder as a whole, an old one keeps what it has', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'demo.zip');
  writeFileSync(file, makeZip([{ name: 'in/new.txt', content: 'new' }]));
  const unzip = (target: string) =>
    trial(context, 'unzip', [command('unzip', '"%InstallerFile%"', { arguments: target })], { file });
  const fresh = unzip(join(folder, 'goal'));
  await fresh.kind.apply(fresh.job);
  assert.deepEqual(
    fresh.changes.map((change) => change.kind),
    ['created', 'created'],
  );
  mkdirSync(join(folder, 'old', 'in'), { recursive: true });
  writeFileSync(join(folder, 'old', 'in', 'mine.txt'), 'mine');
  const old = unzip(join(folder, 'old'));
  await old.kind.apply(old.job);
  assert.deepEqual(
    old.changes.map((change) => change.kind),
    ['created', 'ran'],
  );
  assert.deepEqual(tree(folder), [
    'demo.zip',
    'goal',
    'goal/in',
    'goal/in/new.txt',
    'old',
    'old/in',
    'old/in/mine.txt',
    'old/in/new.txt',
  ]);
  assert.equal(readFileSync(join(folder, 'old/in/new.txt'), 'utf8'), 'new');
  for (const target of ['relative', '/', '%NOPE%/x']) {
    const bad = unzip(target);
    await assert.rejects(bad.kind.apply(bad.job), isFailure(/which is no folder/), target);
    assert.deepEqual(bad.changes, []);
  }
});

test('feature: DISM without Windows Update, in English', async (context) => {
  const names = ['IIS-CGI', 'IIS-StaticContent'];
  const line =
    `${system}\\dism.exe /online /english /enable-feature /featurename:IIS-CGI ` +
    '/featurename:IIS-StaticContent /all /norestart /limitaccess';
  const apply = (status: number, wanted: readonly string[] = names) => {
    const made = jobOf(context, { kind: 'feature', names: wanted }, { answers: { '': { status } } });
    return { ...made, done: featureKind(windows).apply(made.job) };
  };
  const good = apply(0);
  assert.deepEqual(await good.done, {});
  assert.deepEqual(good.commands, [line]);
  assert.equal(enableFeatures(['X']).length, 7);
  assert.deepEqual(await apply(3010).done, { rebootRequired: true });
  await assert.rejects(
    apply(0x800f081f).done,
    isFailure(/DISM could not/, [/0x800F081F \(the feature's files/], /`--feature-source D:\\sources\\sxs`/),
  );
  await assert.rejects(apply(0, ['A /B']).done, isFailure(/no name of a Windows feature/));
});

test('on another system they say so and change nothing', async (context) => {
  for (const name of ['exe', 'msi', 'msu', 'cmdline', 'unzip'] as const) {
    const platform = { os: 'linux', arch: 'x64', osVersion: '' } as const;
    const { kind, job, commands, changes } = trial(context, name, [], { job: { platform } });
    await assert.rejects(kind.apply(job), (error: AppError) => error.code === 'NO_INSTALLER');
    assert.deepEqual([commands, changes], [[], []]);
    assert.deepEqual([kind.needsAdmin, kind.runsOn], [true, 'windows']);
  }
  const { job } = jobOf(
    context,
    { kind: 'feature', names: ['X'] },
    { job: { platform: { os: 'macos', arch: 'arm64', osVersion: '' } } },
  );
  await assert.rejects(featureKind(windows).apply(job), /runs on Windows only/);
});

test('every kind of a feed but Web Deploy has its code', async () => {
  const { installerKinds } = await import('../../installers/index.js');
  const names: readonly KindName[] = ['exe', 'msi', 'msu', 'cmdline', 'unzip', 'feature'];
  for (const name of names) assert.equal(installerKinds.get(name)?.name, name);
});

test('a program that is nowhere is not looked for in the current folder', async (context) => {
  const made = command('cmdline', 'no-such-setup.exe');
  const { job } = jobOf(context, { kind: 'cmdline', commands: [made] });
  const { program } = await commandLineOf({ ...made, kind: 'cmdline' }, job, windows, 'log');
  assert.equal(program, `${system}\\no-such-setup.exe`);
});
