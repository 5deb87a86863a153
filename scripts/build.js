// Comes in: the TypeScript sources. Goes out: dist/, with main.cjs executable. Knows nothing of what it compiles.
// A file rather than a line in package.json: `&&`, `rm -rf` and `chmod` differ between shells and Windows.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const compiled = spawnSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', top], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
chmodSync(join(top, 'dist', 'src', 'main.cjs'), 0o755);
