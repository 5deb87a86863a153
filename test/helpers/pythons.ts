// Goes out: the real interpreters of this machine that tests may take, found the way Zookit finds them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoundPython } from '../../src/catalog/pythons.js';
import { findPythons } from '../../src/catalog/pythons.js';
import { run } from '../../src/lib/run.js';

/** Every CPython 3 on PATH. */
export async function pythonsHere(): Promise<readonly FoundPython[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-test-'));
  try {
    return await findPythons({
      run,
      searchPath: process.env['PATH'] ?? '',
      enginesFolder: join(folder, 'python'),
      memoryFile: join(folder, 'pythons.json'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether an interpreter can run a module: `pip`, `ensurepip`, `venv`. */
export async function hasModule(python: FoundPython, module: string): Promise<boolean> {
  const question = `import importlib.util as u, sys; sys.exit(u.find_spec(${JSON.stringify(module)}) is None)`;
  return (await run(python.path, ['-I', '-c', question])).status === 0;
}
