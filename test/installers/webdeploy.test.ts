// Web Deploy packages on a Windows of the test's own: what is asked, every command word for word, what is left to do.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { questionsOf } from '../../installers/webdeploy/questions.js';
import { readManifest } from '../../installers/webdeploy/manifest.js';
import { readParameters } from '../../installers/webdeploy/parameters.js';
import { webdeployKind } from '../../installers/webdeploy.js';
import { AppError } from '../../src/errors.js';
import { undo } from '../../src/install/undo.js';
import type { Job } from '../../src/kind.js';
import type { Platform } from '../../src/types.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import type { TestJob } from '../helpers/job.js';
import { jobOf, windows } from '../helpers/job.js';
import type { Answer } from '../helpers/recorded-run.js';
import type { PackageParts } from '../helpers/web-deploy.js';
import { content, makePackage, manifest, parameters } from '../helpers/web-deploy.js';

// Folders of a test lie in a user's profile on a real Windows, which no pool can read.
const kind = webdeployKind({ ...windows, PUBLIC: 'Q:\\Users\\Public' }, true);
const appcmd = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
const icacls = 'C:\\Windows\\System32\\icacls.exe';
const onWindows: Platform = { os: 'windows', arch: 'x64', osVersion: '10.0' };
const onLinux: Platform = { os: 'linux', arch: 'x64', osVersion: '6.1' };

/** What appcmd lists; an application that was added is there afterwards. */
const iis: Readonly<Record<string, Answer>> = {
  'list site': { stdout: '<appcmd><SITE SITE.NAME="Default Web Site" bindings="http/*:8080:" /></appcmd>' },
  'list vdir': {
    stdout: `<appcmd><VDIR VDIR.NAME="Default Web Site/" physicalPath="C:\\inetpub\\wwwroot" path="/" APP.NAME="Default Web Site/" /></appcmd>`,
  },
  'list app': {
    stdout: `<appcmd><APP path="/" APP.NAME="Default Web Site/" APPPOOL.NAME="Main" SITE.NAME="Default Web Site" />
      <APP path="/blog" APP.NAME="Default Web Site/blog" APPPOOL.NAME="Blogs" SITE.NAME="Default Web Site" /></appcmd>`,
  },
  '': {},
};

interface Trial extends TestJob {
  readonly goal: string;
}

const usual = {
  'Application Path': 'Default Web Site/blog',
  Title: 'Blog',
  'Admin password': 'hunter-twenty',
  Database: 'SQL',
  'SQL Server': 'db.test',
  'SQL Name': 'shop',
};

function trial(
  context: TestContext,
  values: Readonly<Record<string, string>> = {},
  parts: PackageParts = {},
  job: Partial<Job> = {},
): Trial {
  const folder = temporaryFolder(context);
  const file = join(folder, 'package.zip');
  const goal = join(folder, 'site');
  writeFileSync(file, makePackage(parts));
  const made = jobOf(
    context,
    { kind: 'webdeploy', startPage: '/install.php' },
    {
      file,
      answers: { ...iis, 'list app ': { stdout: '' } },
      job: {
        programs: join(folder, 'programs'),
        values: new Map(Object.entries({ ...usual, PhysicalPath: goal, ...values })),
        ...job,
      },
    },
  );
  return { ...made, goal };
}

/** The list of applications before and after one is added. */
function growing(): Record<string, Answer> {
  let added = false;
  return {
    'add app': () => {
      added = true;
      return {};
    },
    'list app ': () => ({
      stdout: added ? (iis['list app'] as { stdout: string }).stdout : '<appcmd/>',
    }),
    ...iis,
  };
}

function withAnswers(
  context: TestContext,
  answers: Readonly<Record<string, Answer>>,
  parts: PackageParts = {},
): Trial {
  const made = trial(context, {}, parts);
  const other = jobOf(context, { kind: 'webdeploy', startPage: 'install.php' }, { answers });
  return { ...made, commands: other.commands, job: { ...made.job, run: other.run } };
}

test('an application of IIS with its rights, in the pool that IIS has chosen', async (t) => {
  const acls = manifest.replace(
    '<dbFullSql',
    '<setAcl path="blog" setAclAccess="Read, Write" /><setAcl path="blog/theme.txt" setAclUser="BUILTIN\\Users" setAclResourceType="File" /><dbFullSql',
  );
  const { job, goal, commands, changes } = withAnswers(t, growing(), { manifest: acls });
  const applied = await kind.apply(job);
  const scripts = join(job.programs, 'products', 'Demo');
  assert.deepEqual(
    commands.filter((line) => !line.includes(' list ')),
    [
      `${icacls} ${goal} /reset /T /C /Q`,
      `${appcmd} add backup zookit-Default-Web-Site-blog`,
      `${appcmd} add app /site.name:Default Web Site /path:/blog /physicalPath:${goal}`,
      `${icacls} ${join(goal, 'media')} /grant *S-1-5-17:(OI)(CI)M /Q`,
      `${icacls} ${goal} /grant IIS AppPool\\Blogs:(OI)(CI)(R,W) /Q`,
      `${icacls} ${join(goal, 'theme.txt')} /grant *S-1-5-32-545:R /Q`,
      `${icacls} ${scripts} /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F /Q`,
    ],
  );
  assert.deepEqual(applied, {
    path: goal,
    leftToDo: [
      `Run the SQL script '${join(scripts, 'install.sql')}' in the database 'shop' on 'db.test' (dbFullSql)`,
    ],
    open: 'http://localhost:8080/blog/install.php',
  });
  assert.ok(!JSON.stringify(changes).includes('hunter'));
  commands.length = 0;
  const left = await undo({
    changes,
    kind,
    tools: { run: job.run, pipPythons: [], wheelFolders: [], programs: job.programs },
  });
  assert.deepEqual(left, []);
  assert.ok(commands.includes(`${appcmd} delete app /app.name:Default Web Site/blog`), commands.join('\n'));
  assert.ok(!existsSync(goal) && !existsSync(scripts));
});

test('a site that IIS does not have, and an application of somebody else, stop it before anything is made', async (t) => {
  const none = trial(t, { 'Application Path': 'Shop/blog' });
  await assert.rejects(kind.apply(none.job), isError('USAGE', /no site 'Shop'/, /'Default Web Site'/));
  const taken = withAnswers(t, iis);
  await assert.rejects(
    kind.apply(taken.job),
    isError('USAGE', /'Default Web Site\/blog' is an application of IIS already/),
  );
  const profile = trial(t, { PhysicalPath: '' });
  const answers = {
    ...growing(),
    'list vdir': {
      stdout:
        '<appcmd><VDIR path="/" APP.NAME="Default Web Site/" physicalPath="Q:\\Users\\a\\site" /></appcmd>',
    },
    'list app ': iis['list app'] ?? {},
  };
  const inProfile = jobOf(t, { kind: 'webdeploy' }, { answers });
  await assert.rejects(
    kind.apply({
      ...profile.job,
      run: inProfile.run,
      values: new Map([...profile.job.values, ['Application Path', 'Default Web Site/x']]),
    }),
    isError('SITE_INVALID', /No application pool can read 'Q:\\Users\\a\\site\\x'/),
  );
  for (const { changes, goal } of [none, taken, profile])
    assert.deepEqual([changes, existsSync(goal)], [[], false]);
});

test('a command that fails takes its words along', async (t) => {
  const { job } = withAnswers(t, {
    'add app': { status: 183, stdout: 'ERROR ( message:already )' },
    'list app ': { stdout: '' },
    ...iis,
  });
  await assert.rejects(
    kind.apply(job),
    isError('INSTALLER_FAILED', /appcmd\.exe' ended with 183/, /message:already/),
  );
});

test('what cannot be filled in is told, never passed over', async (t) => {
  const more = `<parameter name="Odd" defaultValue="v">
      <parameterEntry type="XmlFile" scope="web\\.config$" match="//add[position()&lt;2]/@value" />
      <parameterEntry type="XmlFile" scope="settings\\.py$" match="/a" />
      <parameterEntry type="XmlFile" scope="web\\.config$" match="/configuration/appSettings" />
      <parameterEntry type="TextFile" scope="none\\.txt$" match="x" />
      <parameterEntry type="TextFile" scope="theme\\.txt$" match="(?&gt;a)" />
      <parameterEntry type="TextFile" scope="theme\\.txt$" match="absent" />
      <parameterEntry type="TextFilePosition" scope="theme\\.txt$" match="9;1;1" />
      <parameterEntry type="Registry" scope="a" match="b" />
    </parameter></parameters>`;
  const unknown = manifest.replace(
    '</MSDeploy',
    '<registryKey path="HKLM\\x"/><runCommand path="setup.cmd"/></MSDeploy',
  );
  const { job } = trial(
    t,
    {},
    { parameters: parameters.replace('</parameters>', more), manifest: unknown },
    { platform: onLinux },
  );
  const { leftToDo = [] } = await kind.apply(job);
  for (const words of [
    /'Odd'.*position\(\).*is not understood/,
    /'Odd' in 'blog\/settings\.py'/,
    /has elements inside/,
    /no file of the package fits 'none/,
    /written for \.NET only/,
    /'absent' is found in none of its files/,
    /line 9 has no 1 characters/,
    /entries of type 'registry' are not known/,
    /Carry out registryKey 'HKLM\\x'/,
    /Run 'setup\.cmd' \(runCommand\)/,
  ])
    assert.ok(
      leftToDo.some((line) => words.test(line)),
      `${String(words)} is not in:\n${leftToDo.join('\n')}`,
    );
});

test('an upgrade keeps what visitors have uploaded, and a failed one is undone', async (t) => {
  const first = trial(t, {}, {}, { platform: onLinux });
  await kind.apply(first.job);
  writeFileSync(join(first.goal, 'media', 'photo.jpg'), 'photo');
  const before = tree(first.goal);
  const settings = readFileSync(join(first.goal, 'settings.py'), 'utf8');
  const newer = [...content, { name: 'blog/new.py', content: '' }];
  const second = trial(t, {}, { content: newer }, { platform: onLinux, own: [first.goal] });
  const values = new Map([...second.job.values, ['PhysicalPath', first.goal], ['Title', 'New']] as const);
  await kind.apply({ ...second.job, values });
  assert.deepEqual(
    tree(first.goal).filter((name) => !name.includes('.zookit-')),
    [...before, 'new.py'].sort(),
  );
  assert.match(readFileSync(join(first.goal, 'settings.py'), 'utf8'), /'New'/);
  const tools = { run: second.run, pipPythons: [], wheelFolders: [], programs: second.job.programs };
  assert.deepEqual(await undo({ changes: second.changes, kind, tools }), []);
  assert.deepEqual(tree(first.goal), before);
  assert.equal(readFileSync(join(first.goal, 'settings.py'), 'utf8'), settings);
  const stranger = trial(t, { PhysicalPath: first.goal }, {}, { platform: onLinux });
  await assert.rejects(kind.apply(stranger.job), isError('USAGE', /is not empty/));
});

test('aliases rename later paths, and rights outside of the application are for a person', async (t) => {
  const text = `<msdeploy.iisapp><IISAPP PATH="blog" managedRuntimeVersion="v4.0"/><alias from="upload" to="blog/media"/>
    <SetAcl Path="upload" setAclAccess="Modify"/><setAcl path="C:\\data" setAclAccess="Modify"/>
    <setAcl path="blog/media" setAclAccess="Fly"/><setAcl path="blog/none"/></msdeploy.iisapp>`;
  const { job, goal, commands } = withAnswers(t, growing(), { manifest: text });
  const { leftToDo } = await kind.apply(job);
  assert.deepEqual(
    commands.filter((line) => line.includes('/grant ')),
    [`${icacls} ${join(goal, 'media')} /grant IIS AppPool\\Blogs:(OI)(CI)M /Q`],
  );
  assert.deepEqual(leftToDo, [
    "Give the application's pool the right Modify on 'C:/data' (setAcl): it lies outside of the application",
    `Give the application's pool the right Fly on '${join(goal, 'media')}' (setAcl): 'Fly' are no rights that are known`,
    `Give the application's pool the right Read on '${join(goal, 'none')}' (setAcl): it is not there`,
    "See that the pool of 'Default Web Site/blog' runs .NET 4.0",
  ]);
});

test('questions: engines, hidden ones, references in any order, the folder', () => {
  const read = readParameters(Buffer.from(parameters));
  const windowsQuestions = questionsOf(read, { platform: onWindows });
  assert.deepEqual(
    windowsQuestions.map(({ name, type, when, rules }) => [
      name,
      type,
      when?.values ?? [],
      rules?.hidden ?? false,
    ]),
    [
      ['Database', 'choice', [], false],
      ['Application Path', 'text', [], false],
      ['PhysicalPath', 'folder', [], true],
      ['Media', 'text', [], true],
      ['Title', 'text', [], false],
      ['Admin password', 'password', [], false],
      ['Theme', 'choice', [], false],
      ['SQL Server', 'text', ['SQL'], false],
      ['SQL Name', 'text', ['SQL'], false],
      ['MySQL Server', 'text', ['MySQL'], false],
      ['MySQL Name', 'text', ['MySQL'], false],
    ],
  );
  const password = windowsQuestions.find(({ name }) => name === 'Admin password');
  assert.deepEqual(password?.rules, { required: true, pattern: '.{8,}', confirm: true });
  const folder = questionsOf(read, { platform: onLinux }).find(({ name }) => name === 'PhysicalPath');
  assert.deepEqual(folder?.rules, { required: true, unlessSaid: 'Application Path' });
  const backwards = `<parameters><parameter name="A" defaultValue="{b}!" tags="hidden"/><parameter name="B" defaultValue="{C}"/><parameter name="C"/></parameters>`;
  const order = questionsOf(readParameters(Buffer.from(backwards)), { platform: onLinux });
  assert.deepEqual(
    order.map(({ name }) => name),
    ['C', 'B', 'A'],
  );
  const circle = `<parameters><parameter name="A" defaultValue="{B}"/><parameter name="B" defaultValue="{a}"/></parameters>`;
  assert.throws(
    () => questionsOf(readParameters(Buffer.from(circle)), { platform: onLinux }),
    isError('INSTALLER_FAILED', /refer to each other/, /'A' -> 'B' -> 'A'/),
  );
});

test('applications inside of the application are for a person, with the command to type', async (t) => {
  const several = manifest.replace('<setAcl', '<iisapp path="Blog\\admin panel" /><setAcl');
  const parts = {
    manifest: several,
    content: [...content, { name: 'blog/admin panel/a.txt', content: 'a' }],
  };
  const { job, commands } = withAnswers(t, growing(), parts);
  const { leftToDo = [] } = await kind.apply(job);
  assert.equal(commands.filter((line) => line.includes(' add app ')).length, 1);
  const line = `${appcmd} add app "/site.name:Default Web Site" "/path:/blog/admin panel" `;
  const found = leftToDo.find((each) => each.startsWith("Make 'Default Web Site/blog/admin panel'")) ?? '';
  assert.ok(found.includes(line), leftToDo.join('\n'));
  const elsewhere = trial(t, {}, parts, { platform: onLinux });
  const toDo = (await kind.apply(elsewhere.job)).leftToDo ?? [];
  assert.equal(toDo.filter((each) => each.startsWith('Serve ')).length, 2);
  assert.ok(
    toDo.includes(
      `Serve '${join(elsewhere.goal, 'admin panel')}' as an application of its own (iisapp 'Default Web Site/blog/admin panel')`,
    ),
    toDo.join('\n'),
  );
  const tagged = readParameters(
    Buffer.from(
      '<parameters><parameter name="A" tags="iisApp"/><parameter name="B" tags="iisapp"/></parameters>',
    ),
  );
  const names = questionsOf(tagged, { platform: onLinux }).map(({ name }) => name);
  assert.deepEqual(names, ['A', 'PhysicalPath', 'B'], 'one folder');
});

test('texts of a culture, else of its language, else the attribute', () => {
  const text = `<parameters><parameter name="N" friendlyName="Name"><friendlyName culture="de">Der Name</friendlyName>
    <description culture="DE">Hilfe</description></parameter></parameters>`;
  const title = (language?: string): string | undefined =>
    readParameters(Buffer.from(text), language)[0]?.title;
  assert.deepEqual([title('de-AT'), title('fr'), title()], ['Der Name', 'Name', 'Name']);
  assert.equal(readParameters(Buffer.from(text), 'de')[0]?.description, 'Hilfe');
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  assert.equal(readParameters(utf16)[0]?.name, 'N');
});

test('a manifest or a list of parameters that is wrong is told by what is wrong', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['<MSDeploy.iisApp>', /is no XML/],
    ['<!DOCTYPE x [<!ENTITY a "b">]><x/>', /is no XML/],
    ['<x><iisApp path="blog"/></x>', /'manifest\.xml' is none/],
    ['<MSDeploy.iisApp><iisApp path="..\\blog"/></MSDeploy.iisApp>', /leads out of the package/],
    ['<MSDeploy.iisApp><iisApp path="C:\\blog"/></MSDeploy.iisApp>', /leads out of the package/],
    ['<MSDeploy.iisApp><iisApp path="blog"/><setAcl path="blog/../.."/></MSDeploy.iisApp>', /leads out/],
    ['<MSDeploy.iisApp/>', /names no applications/],
    [
      '<MSDeploy.iisApp><iisApp path="blog"/><iisApp path="blogs"/></MSDeploy.iisApp>',
      /names 2 applications/,
    ],
  ];
  for (const [text, words] of wrong)
    assert.throws(() => readManifest(Buffer.from(text)), isError('INSTALLER_FAILED', words));
  for (const text of ['<a', '<manifest/>', '<parameters><parameter/></parameters>', '\u0000'])
    assert.throws(() => readParameters(Buffer.from(text)), isError('INSTALLER_FAILED', /parameters\.xml/));
});

test('a folder that the zip does not have, and a package without parameters', async (t) => {
  const none = trial(t, {}, { content: [{ name: 'other/a.txt', content: '' }] }, { platform: onLinux });
  await assert.rejects(kind.apply(none.job), isError('INSTALLER_FAILED', /it has no folder 'blog'/));
  assert.ok(!existsSync(none.goal));
  const bare = trial(
    t,
    {},
    { parameters: undefined, content: [{ name: 'BLOG/a.txt', content: 'a' }] },
    { platform: onLinux },
  );
  await kind.apply(bare.job);
  assert.deepEqual(tree(bare.goal), ['a.txt']);
});

test('an empty folder that is there already is taken', async (t) => {
  const { job, goal, changes } = trial(t, {}, {}, { platform: onLinux });
  mkdirSync(goal);
  await kind.apply(job);
  assert.ok(existsSync(join(goal, 'settings.py')));
  const tools = { run: job.run, pipPythons: [], wheelFolders: [], programs: job.programs };
  assert.deepEqual(await undo({ changes, kind, tools }), []);
  assert.deepEqual(tree(goal), []);
});

function isError(code: string, message: RegExp, detail?: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof AppError, String(error));
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message);
    if (detail) assert.match(error.details.join('\n'), detail);
    return true;
  };
}
