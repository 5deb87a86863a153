// Comes in: a question for Python's own `packaging` library, as vendored by pip. Goes out: its answer. The yardstick for
// tags and markers: what ours say is compared with what pip itself would say.
import { spawnSync } from 'node:child_process';

const candidates =
  process.platform === 'win32' ? ['python'] : ['python3', 'python3.13', 'python3.12', 'python'];

const prelude = `
import json, sys
try:
    from packaging import __version__, markers, specifiers, tags, _manylinux, _musllinux
except ImportError:
    from pip._vendor.packaging import __version__, markers, specifiers, tags, _manylinux, _musllinux
packaging_major = int(__version__.split(".")[0])
question = json.load(sys.stdin)
`;

/**
 * Runs Python statements that turn `question` into `answer`, and returns that; undefined when no Python on PATH has
 * `packaging`, alone or inside pip. Throws when the statements fail.
 */
export function askPackaging(statements: string, question: unknown): unknown {
  for (const program of candidates) {
    if (spawnSync(program, ['-c', prelude], { input: 'null' }).status !== 0) continue;
    const result = spawnSync(program, ['-c', `${prelude}${statements}\nprint(json.dumps(answer))`], {
      input: JSON.stringify(question),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.status !== 0) throw new Error(`${program} could not answer: ${result.stderr}`);
    return JSON.parse(result.stdout);
  }
  return undefined;
}
