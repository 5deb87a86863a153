// Comes in: the name of a tier (`unit`, `servers`, `faults`, `wine`) and options for node's runner. Goes out: its exit
// status. Finds the compiled test files itself: globs on the command line differ between shells and Node versions.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [tier = 'unit', ...options] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const tests = join(dirname(here), 'dist', 'test');
/** Folders of tests that are slower, or need more of the machine, than those of the first tier. */
const slower = ['servers', 'faults', 'wine'];
const tierOf = (name) => slower.find((folder) => name.split(/[\\/]/)[0] === folder) ?? 'unit';
const files = readdirSync(tests, { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => tierOf(name) === tier)
  .map((name) => join(tests, name));
// Faults wait about as much as they work, and more of them at once would all hit the start of a program; a Windows is made
// ready only once. Each file of the others starts programs of its own, and some of them databases: a large machine counts
// only so far. By itself the runner leaves one core idle, which on a small machine is half of it.
const widths = { unit: 8, servers: 4, faults: 2, wine: 1 };
const cores = Math.max(2, availableParallelism());
const width = [`--test-concurrency=${Math.min(cores, widths[tier] ?? cores)}`];
// What hangs is a failure with a name, not a gate that never ends: each file has its time, and the tier has one for what a
// file left behind and the runner waits for. More moments (see test/helpers/moments.ts) take longer.
const minute = 60_000;
const moments = Number(process.env['ZOOKIT_MOMENTS'] ?? 8);
const patience = (tier === 'faults' ? 8 + moments : 10) * minute;
// The names of what failed come last, where a long log is cut off least.
const report = [
  ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...[`--test-reporter=${pathToFileURL(join(here, 'report.js')).href}`, '--test-reporter-destination=stdout'],
];
// What somebody has set for other programs would lead ours astray.
const strange =
  /^(PYTHON(PATH|HOME|STARTUP|WARNINGS|OPTIMIZE|SAFEPATH)|DJANGO_.*|VIRTUAL_ENV|ZOOKIT_(ROOT|RUN|PARAM_.*)|PIP_(REQUIRE_VIRTUALENV|USER|TARGET|PREFIX|CONSTRAINT)|GIT_.*DIR.*|GIT_WORK_TREE|FORCE_COLOR|NO_COLOR)$/i;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !strange.test(name)));
process.umask(0o022);
const run = spawnSync(
  process.execPath,
  ['--test', ...width, `--test-timeout=${patience}`, ...report, ...options, ...files],
  { stdio: 'inherit', env, timeout: patience + 8 * minute },
);
if (run.error) console.error(`The tests of '${tier}' did not end: ${run.error.message}`);
process.exit(run.status ?? 1);
