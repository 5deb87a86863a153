// Comes in: the name of a tier (`unit`, `servers`) and options for node's runner. Goes out: its exit status.
// Finds the compiled test files itself: globs on the command line differ between shells and Node versions.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [tier = 'unit', ...options] = process.argv.slice(2);
const tests = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'test');
const files = readdirSync(tests, { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => /^servers[\\/]/.test(name) === (tier === 'servers'))
  .map((name) => join(tests, name));
const run = spawnSync(process.execPath, ['--test', ...options, ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
