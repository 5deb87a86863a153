// Runs the Python suite of the workers with the oldest and the newest Python of this machine that the workers are for.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FoundPython } from '../src/catalog/pythons.js';
import { run } from '../src/lib/run.js';
import { compareVersions } from '../src/lib/version.js';
import { pythonsHere } from './helpers/pythons.js';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const oldestSupported = '3.8';

/** Two interpreters at most: what fits an old and a new Python fits those between them. */
async function oldestAndNewest(): Promise<FoundPython[]> {
  const usable = (await pythonsHere())
    .filter(({ version }) => compareVersions(version, oldestSupported) >= 0)
    .sort((left, right) => compareVersions(left.version, right.version));
  return [...new Set([usable.at(0), usable.at(-1)])].filter((python) => python !== undefined);
}

test('the workers pass their own suite', { concurrency: 2 }, async (context) => {
  const pythons = await oldestAndNewest();
  if (pythons.length === 0) {
    context.skip(`there is no Python from ${oldestSupported} up on PATH`);
    return;
  }
  await Promise.all(
    pythons.map((python) =>
      context.test(`Python ${python.version}`, async () => {
        const suite = await run(python.path, ['-B', '-m', 'unittest', 'discover', '-s', 'test/python'], {
          cwd: repository,
        });
        assert.equal(suite.status, 0, suite.stderr);
        assert.match(suite.stderr, /^Ran [1-9][0-9]+ tests/m);
      }),
    ),
  );
});
