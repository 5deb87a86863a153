// Comes in: the name of a tier (`unit`, `servers`, `faults`, `wine`) and options for node's runner. Goes out: its exit
// status. Finds the compiled test files itself: globs on the command line differ between shells and Node versions.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [tier = 'unit', ...options] = process.argv.slice(2);
const tests = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'test');
/** Folders of tests that are slower, or need more of the machine, than those of the first tier. */
const slower = ['servers', 'faults', 'wine'];
const tierOf = (name) => slower.find((folder) => name.split(/[\\/]/)[0] === folder) ?? 'unit';
const files = readdirSync(tests, { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => tierOf(name) === tier)
  .map((name) => join(tests, name));
// Moments of a duration mean something only while nothing else is running; a Windows is made ready only once.
const alone = tier === 'faults' || tier === 'wine' ? ['--test-concurrency=1'] : [];
const run = spawnSync(process.execPath, ['--test', ...alone, ...options, ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
