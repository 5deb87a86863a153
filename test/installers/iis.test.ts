// The kind behind a site in IIS: what it asks, what it does in which order, what it takes back, what it leaves to others.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { iisKind } from '../../installers/iis.js';
import { AppError } from '../../src/errors.js';
import { undo } from '../../src/install/undo.js';
import type { Change, InstallerKind } from '../../src/kind.js';
import type { TestJob } from '../helpers/job.js';
import { jobOf, windows } from '../helpers/job.js';
import type { Answer } from '../helpers/recorded-run.js';
import { recordedRun } from '../helpers/recorded-run.js';

const xml = (...elements: readonly string[]): Answer => ({ stdout: `<appcmd>${elements.join('')}</appcmd>` });

const server: Readonly<Record<string, Answer>> = {
  'list site': xml('<SITE SITE.NAME="Default Web Site" bindings="http/*:80:"/>'),
  'list module': xml('<MODULE MODULE.NAME="FastCgiModule"/>', '<MODULE MODULE.NAME="httpPlatformHandler"/>'),
};

interface Trial extends TestJob {
  readonly kind: InstallerKind;
  readonly waits: number[];
}

function trial(
  context: TestContext,
  answers: Readonly<Record<string, Answer>> = {},
  values: Readonly<Record<string, string>> = {},
  webConfig?: string,
): Trial {
  const waits: number[] = [];
  const kind = iisKind({
    environment: windows,
    read: (path) => Promise.resolve(path.endsWith('web.config') ? webConfig : undefined),
    wait: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
  });
  const made = jobOf(
    context,
    { kind: 'iis' },
    {
      answers: { ...server, ...answers, '': {} },
      job: { project: 'C:\\sites\\shop', values: new Map(Object.entries(values)) },
    },
  );
  const job = { ...made.job, step: { ...made.job.step, place: 'IIS:Default Web Site/shop' } };
  return { ...made, job, kind, waits };
}

/** Verb and object of what was changed: `add apppool`; icacls by its folder's name. */
function verbs(commands: readonly string[]): string[] {
  return commands
    .filter((line) => !/appcmd\.exe list /.test(line))
    .map(
      (line) => /appcmd\.exe (\S+ \S+)/.exec(line)?.[1] ?? `icacls ${/\\sites\\(\S+)/.exec(line)?.[1] ?? ''}`,
    );
}

const wanted = [
  'add backup',
  'add apppool',
  'set config',
  'add app',
  'icacls shop',
  'icacls shop',
  'icacls shop\\data',
  'icacls shop\\log',
  'icacls shop\\media',
  'icacls shop\\data\\secret.key',
  'unlock config',
  'set config',
  'set apppool',
  'start apppool',
];

test('each command is in the journal before it is done, with its undo', async (context) => {
  const { kind, job, commands, changes } = trial(context);
  const order: string[] = [];
  const { run, change } = job;
  const watched = {
    ...job,
    run: ((program, args, options) => {
      order.push([program, ...args].join(' '));
      return run(program, args, options);
    }) as typeof run,
    change: (one: Change) => {
      if (one.kind === 'ran') order.push(`journal ${one.command.join(' ')}`);
      return change(one);
    },
  };
  assert.deepEqual(await kind.apply(watched), { path: 'C:\\sites\\shop' });
  assert.deepEqual(verbs(commands), wanted);
  for (const each of changes) {
    assert.ok(each.kind === 'ran' && each.undo);
    const line = each.command.join(' ');
    assert.ok(order.indexOf(`journal ${line}`) < order.indexOf(line), line);
  }
  assert.equal(changes.length, 9);
  assert.ok(job.step.installer && kind.needsAdmin && kind.runsOn === 'windows');
});

test('a failure in the middle: what was done is taken back, newest first', async (context) => {
  const { kind, job, commands, changes } = trial(context, {
    'unlock config': { status: 5, stdout: 'ERROR ( message:Access is denied. )\r\n' },
  });
  await assert.rejects(kind.apply(job), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'INSTALLER_FAILED');
    assert.match(
      error.details.join('\n'),
      /free for this place only[\s\S]*unlock config [\s\S]*Access is denied/,
    );
    return true;
  });
  assert.deepEqual(verbs(commands), wanted.slice(0, 11));
  const taken = recordedRun({ 'remove:g': { status: 1332 }, 'delete app ': { status: 1168 }, '': {} });
  const left = await undo({ changes, kind, tools: { run: taken.run, pipPythons: [], wheelFolders: [] } });
  assert.deepEqual(left, [], 'what is gone already is no failure');
  assert.deepEqual(verbs(taken.commands), [
    'clear config',
    'icacls shop\\media',
    'icacls shop\\log',
    'icacls shop\\data',
    'icacls shop',
    'delete app',
    'delete apppool',
  ]);
});

test('IIS may need a moment to know a new pool; one that runs already is fine', async (context) => {
  let tries = 0;
  const slow = trial(context, {
    'start apppool': () => ({ status: (tries += 1) > 3 ? 1056 : 4312 }),
    'secret.key': { status: 2 },
  });
  await slow.kind.apply(slow.job);
  assert.equal(slow.waits.length, 3);
  const never = trial(context, { 'start apppool': { status: 4312 } });
  await assert.rejects(never.kind.apply(never.job), /ended with 4312/);
  assert.equal(never.waits.length, 15);
});

test('Windows may need a moment to know the account of a new pool', async (context) => {
  let tries = 0;
  const slow = trial(context, { '/grant': () => ({ status: (tries += 1) > 2 ? 0 : 1332 }) });
  await slow.kind.apply(slow.job);
  assert.equal(slow.waits.length, 2);
  const never = trial(context, { 'data /inheritance:r': { status: 1332 } });
  await assert.rejects(never.kind.apply(never.job), /ended with 1332/);
  assert.equal(never.waits.length, 15);
});

test("the form is the project's own word, else the answer", async (context) => {
  const zoo = trial(context, {}, { HostForm: 'zoo' });
  await assert.rejects(zoo.kind.apply(zoo.job), /no module 'HeliconZoo_x64'/);
  const config = '<handlers><add name="x" modules="FastCgiModule"/></handlers>';
  const fastcgi = trial(context, {}, { HostForm: 'zoo', Database: 'SQLite', IisPool: 'my pool' }, config);
  await fastcgi.kind.apply(fastcgi.job);
  const lines = fastcgi.commands.join('\n');
  assert.match(lines, /add apppool \/name:my pool .*disallowOverlappingRotation:true/);
  for (const values of [{ IisPool: "a'b" }, { IisBinding: 'ftp/*:21:' }]) {
    const bad = trial(context, {}, values);
    await assert.rejects(bad.kind.apply(bad.job), (error: AppError) => error.code === 'USAGE');
    assert.deepEqual(bad.commands, []);
  }
});

test('nothing is changed on a server that answers no, on another system, or without a place', async (context) => {
  const other = trial(context, { 'list site': xml('<SITE SITE.NAME="Other" bindings="http/*:80:"/>') });
  await assert.rejects(other.kind.apply(other.job), /IIS has no site 'Default Web Site'/);
  assert.deepEqual([verbs(other.commands), other.changes], [[], []]);
  const { kind, job } = trial(context);
  const linux = { ...job, platform: { os: 'linux', arch: 'x64', osVersion: '' } } as const;
  await assert.rejects(kind.apply(linux), (error: AppError) => error.code === 'NO_INSTALLER');
  const nowhere = { ...job, step: { ...job.step, place: 'machine' } };
  await assert.rejects(kind.apply(nowhere), /needs a site in IIS/);
});

test('taken away: what others have come to use stays, and is told', async (context) => {
  const { kind, job, changes } = trial(context);
  await kind.apply(job);
  const remaining = async (...apps: readonly string[]): Promise<readonly [string[], readonly string[]]> => {
    const { run } = recordedRun({ 'list app ': xml(...apps), '': {} });
    const own = await kind.stillOwn?.(changes, { run, pipPythons: [], wheelFolders: [] });
    assert.ok(own);
    const lines = own.changes.flatMap((change) => (change.kind === 'ran' ? [change.command.join(' ')] : []));
    return [verbs(lines).filter((verb) => /pool|app$/.test(verb)), own.kept];
  };
  const app = (name: string, pool: string): string =>
    `<APP APP.NAME="${name}" APPPOOL.NAME="${pool}" SITE.NAME="Default Web Site"/>`;
  const mine = app('Default Web Site/SHOP', 'shop');
  assert.deepEqual(await remaining(mine, app('Default Web Site/', 'DefaultAppPool')), [
    ['add apppool', 'add app', 'start apppool'],
    [],
  ]);
  assert.deepEqual(await remaining(mine, app('Default Web Site/blog', 'Shop')), [
    ['add app'],
    ['The pool stays for Default Web Site/blog'],
  ]);
});

test('taken away: a site with other applications below it stays, with its pool', async (context) => {
  const made = trial(context, {}, { IisBinding: 'http/*:8080:' });
  const step = { ...made.job.step, place: 'IIS:Shop' };
  await made.kind.apply({ ...made.job, step });
  const below = '<APP APP.NAME="shop/blog" APPPOOL.NAME="Blog" SITE.NAME="shop"/>';
  const { run } = recordedRun({
    'list app ': xml('<APP APP.NAME="Shop/" APPPOOL.NAME="Shop" SITE.NAME="Shop"/>', below),
    '': {},
  });
  const own = await made.kind.stillOwn?.(made.changes, { run, pipPythons: [], wheelFolders: [] });
  const lines = own?.changes.flatMap((change) => (change.kind === 'ran' ? [change.command.join(' ')] : []));
  assert.deepEqual(
    verbs(lines ?? []).filter((verb) => /pool|site/.test(verb) && !verb.startsWith('icacls')),
    [],
  );
  assert.deepEqual(own?.kept, ['The site stays for shop/blog', 'The pool stays for shop/blog']);
});

test('a plan shows every command with its reason, whatever machine it is made on', (context) => {
  const { kind, job } = trial(context);
  const preview = kind.preview?.({ ...job, platform: { os: 'windows', arch: 'x64', osVersion: '' } });
  assert.deepEqual(verbs(preview?.commands.map(({ command }) => command.join(' ')) ?? []), wanted);
  assert.ok(preview?.commands.every(({ why }) => why !== undefined));
});
