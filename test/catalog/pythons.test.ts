// Which interpreters count, and in which order; they are files that a recorded answer speaks for.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findPythons } from '../../src/catalog/pythons.js';
import { temporaryFolder } from '../helpers/folder.js';
import { recordedRun } from '../helpers/recorded-run.js';

test('our own first, then registered ones, then PATH; none twice, none out of a profile', async (context) => {
  const folder = temporaryFolder(context);
  const make = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    return path;
  };
  const ours = make('engines/3.14/python.exe');
  const registered = make('Python313/python.exe');
  const onPath = make('bin/python3');
  const own = make('Users/a/python3.12/python.exe');
  const base = make('Users/b/python.exe');
  const { run } = recordedRun({
    engines: { stdout: '3.14.1 win-amd64\n' },
    Python313: { stdout: '3.13.2 win32\r\n' },
    '-I -S -c': { stdout: '3.13.2 win-amd64\r\n' },
  });
  const search = {
    run,
    enginesFolder: join(folder, 'engines'),
    searchPath: [dirname(onPath), dirname(registered), dirname(own)].join(
      process.platform === 'win32' ? ';' : ':',
    ),
    registered: [registered, own, join(folder, 'gone', 'python.exe')],
    environmentBase: base,
    memoryFile: join(folder, 'memory.json'),
  };
  const paths = async (about: object): Promise<string[]> =>
    (await findPythons({ ...search, ...about })).map(({ path }) => path);
  assert.deepEqual(await paths({}), [ours, registered, own, onPath, base]);
  assert.deepEqual(await paths({ outside: join(folder, 'Users') }), [ours, registered, onPath, base]);
  assert.deepEqual(await paths({ builtFor: 'win-amd64' }), [ours, own, onPath, base]);
  assert.deepEqual(await paths({ builtFor: 'win32' }), [registered]);
  const versions = (await findPythons(search)).map(({ version }) => version);
  assert.deepEqual(new Set(versions), new Set(['3.14.1', '3.13.2']));
});
