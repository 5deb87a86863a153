// A newer version's files take their places in the folder of the older one, and what else lies there stays.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { moveInto } from '../../installers/webdeploy/merge-folder.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { jobOf } from '../helpers/job.js';

for (const isWindows of [false, true])
  test(`files are ${isWindows ? 'copied on Windows: a moved one keeps its rights' : 'moved'}`, async (context) => {
    const folder = temporaryFolder(context);
    const [staging, goal] = [join(folder, 'staging'), join(folder, 'blog')];
    for (const [path, text] of [
      ['staging/a.txt', 'new'],
      ['staging/media/b.txt', 'new'],
      ['staging/fresh/c.txt', 'new'],
      ['blog/a.txt', 'old'],
      ['blog/media/upload.png', 'visitor'],
    ] as const) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const names = ['a.txt', 'media/b.txt', 'fresh/c.txt'];
    const before = names.map((name) => statSync(join(staging, name)).ino);
    const { job, changes } = jobOf(context, { kind: 'webdeploy' }, { job: { own: [goal] } });
    await moveInto(job, staging, goal, isWindows);
    for (const [index, name] of names.entries()) {
      assert.equal(readFileSync(join(goal, name), 'utf8'), 'new');
      assert.equal(statSync(join(goal, name)).ino === before[index], !isWindows, name);
    }
    assert.deepEqual(
      tree(goal).filter((name) => !name.startsWith('.zookit-retired-')),
      ['a.txt', 'fresh', 'fresh/c.txt', 'media', 'media/b.txt', 'media/upload.png'],
    );
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['replaced', 'created', 'created'],
    );
  });
