// Comes in: the name of a tier (`unit`, `servers`, `faults`, `wine`) and options for node's runner. Goes out: its exit
// status. Finds the compiled test files itself: globs on the command line differ between shells and Node versions.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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
// Faults wait about as much as they work, and more of them at once would all hit the start of a program; a Windows is made
// ready only once.
const widths = { faults: 2, wine: 1 };
// By itself the runner leaves one core idle, which on a small machine is half of it.
const width = [`--test-concurrency=${widths[tier] ?? availableParallelism()}`];
// What hangs is a failure with a name, not a gate that never ends: each file has its time, and the tier has one for what a
// file left behind and the runner waits for. More moments (see test/helpers/moments.ts) take longer.
const minute = 60_000;
const patience = (10 + Number(process.env['ZOOKIT_MOMENTS'] ?? 0)) * minute;
// The names of what failed come last, where a long log is cut off least.
const report = [`--test-timeout=${patience}`, '--test-reporter=spec'];
const run = spawnSync(process.execPath, ['--test', ...width, ...report, ...options, ...files], {
  stdio: 'inherit',
  timeout: patience + 20 * minute,
});
if (run.error) console.error(`The tests of '${tier}' did not end: ${run.error.message}`);
process.exit(run.status ?? 1);
