// The rules of the house that a machine can check: who imports whom, one file for each runtime library, tables that agree.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commands } from '../src/commands/table.js';
import { exitStatuses } from '../src/errors.js';

const top = fileURLToPath(new URL('../../', import.meta.url));
const stages = ['feed', 'catalog', 'plan', 'download', 'install', 'site', 'bundle'];

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(): string[] {
  return ['src', 'installers'].flatMap((folder) =>
    readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name).split(sep).join('/')),
  );
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(top, file), 'utf8');
  const found = [...text.matchAll(/(?:^|\n)(?:import|export)[^;'"]*?from '([^']+)'|import\('([^']+)'\)/g)];
  return found.map((match) => {
    const name = match[1] ?? match[2] ?? '';
    const target = name.startsWith('.')
      ? normalize(join(dirname(file), name))
          .split(sep)
          .join('/')
          .replace(/\.js$/, '.ts')
      : name;
    return { file, target };
  });
}

function folderOf(file: string): string {
  const parts = file.split('/');
  return parts[0] === 'installers' ? 'installers' : parts.length === 2 ? 'top' : (parts[1] ?? '');
}

/** `semver/classes/range.js` belongs to semver. */
function libraryOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

const imports = sources().flatMap(importsOf);
const ours = imports.filter(({ target }) => /^(src|installers)\//.test(target));

test('types and errors import nothing of ours', () => {
  assert.deepEqual(
    ours.filter(({ file }) => file === 'src/types.ts' || file === 'src/errors.ts'),
    [],
  );
});

test('lib knows only types, errors and itself', () => {
  const wrong = ours.filter(
    ({ file, target }) =>
      folderOf(file) === 'lib' &&
      folderOf(target) !== 'lib' &&
      !['src/types.ts', 'src/errors.ts'].includes(target),
  );
  assert.deepEqual(wrong, []);
});

test('a stage never imports another stage, a command or a kind', () => {
  const shared = ['src/types.ts', 'src/errors.ts', 'src/kind.ts'];
  const wrong = ours.filter(({ file, target }) => {
    const stage = folderOf(file);
    return (
      stages.includes(stage) &&
      folderOf(target) !== stage &&
      folderOf(target) !== 'lib' &&
      !shared.includes(target)
    );
  });
  assert.deepEqual(wrong, []);
});

test('installer kinds reach no stage', () => {
  const wrong = ours.filter(
    ({ file, target }) =>
      folderOf(file) === 'installers' &&
      (stages.includes(folderOf(target)) || folderOf(target) === 'commands'),
  );
  assert.deepEqual(wrong, []);
});

test('only cli joins commands and kinds', () => {
  const wrong = ours.filter(
    ({ file, target }) =>
      (target.startsWith('installers/') && !file.startsWith('installers/') && file !== 'src/cli.ts') ||
      (target.startsWith('src/commands/') &&
        !file.startsWith('src/commands/') &&
        !['src/cli.ts', 'src/help.ts', 'src/completion.ts'].includes(file)),
  );
  assert.deepEqual(wrong, []);
});

test('each runtime library is imported by exactly one file', () => {
  const { dependencies } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const library of Object.keys(dependencies)) {
    const users = new Set(
      imports.filter(({ target }) => libraryOf(target) === library).map(({ file }) => file),
    );
    assert.equal(users.size, 1, `${library} is imported by ${[...users].join(', ') || 'nobody'}`);
  }
  const known = new Set(Object.keys(dependencies));
  const foreign = imports.filter(
    ({ target }) => !/^(node:|src\/|installers\/)/.test(target) && !known.has(libraryOf(target)),
  );
  assert.deepEqual(foreign, []);
});

test('no circle of imports', () => {
  const graph = new Map<string, string[]>();
  for (const { file, target } of ours) graph.set(file, [...(graph.get(file) ?? []), target]);
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    assert.ok(!way.includes(file), `circle: ${[...way, file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});

test('every source file says what comes in and goes out, and stays one idea long', () => {
  for (const file of sources()) {
    const text = readFileSync(join(top, file), 'utf8');
    assert.match(text, /^(#!.*\n)?\/\/ /, `${file} has no opening comment`);
    // The nouns stand on one page, however long.
    assert.ok(file === 'src/types.ts' || text.split('\n').length <= 320, `${file} is too long`);
    assert.doesNotMatch(text, /\bany\b(?=[;,)\]>])(?<=: any)|\bas any\b/, `${file} uses any`);
    assert.doesNotMatch(text, /^export default|^export \* from/m, `${file} has a default export or a barrel`);
  }
});

test('the README names every command, every error code with its status, and every folder', () => {
  const readme = readFileSync(join(top, 'README.md'), 'utf8');
  for (const name of Object.keys(commands))
    assert.match(readme, new RegExp(`zookit ${name}\\b`), `README lacks ${name}`);
  const rows = new Map(
    [...readme.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(
      (match) => [match[1], Number(match[2])] as const,
    ),
  );
  assert.deepEqual(Object.fromEntries(rows), { ...exitStatuses });
  const mapped = [
    ...readme.matchAll(/^ {4}(src\/[\w./-]+|installers\/[\w./-]*|feed\/|templates\/|test\/)\s/gm),
  ].map((match) => match[1]);
  for (const path of mapped)
    assert.ok(
      path !== undefined && readdirSync(top, { recursive: false }).length > 0 && exists(path),
      `README maps ${path ?? ''}`,
    );
  for (const stage of stages)
    assert.ok(
      mapped.some((path) => path?.startsWith(`src/${stage}`)),
      `README does not map src/${stage}`,
    );
});

function exists(path: string): boolean {
  try {
    readdirSync(join(top, path));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR';
  }
}

test('no address of a package registry and no path of a build machine stands anywhere', () => {
  const forbidden = [
    ['pypi', 'org'],
    ['files.pythonhosted', 'org'],
    ['registry.npmjs', 'org'],
    ['deb.debian', 'org'],
  ].map((parts) => parts.join('.'));
  const folders = ['src', 'installers', 'feed', 'templates', 'test', 'scripts', '.ci'];
  for (const folder of folders) {
    for (const name of readdirSync(join(top, folder), {
      recursive: true,
      encoding: 'utf8',
      withFileTypes: true,
    })) {
      if (!name.isFile() || name.parentPath.includes('__pycache__')) continue;
      const path = join(name.parentPath, name.name);
      const text = readFileSync(path, 'latin1');
      for (const host of forbidden) assert.ok(!text.includes(host), `${relative(top, path)} names ${host}`);
    }
  }
});
