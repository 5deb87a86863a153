// Comes in: interpreters. Goes out: what each can do for us: make environments, fetch packages. Starts each once, without
// its site's own start-up files; changes nothing.
import type { FoundPython } from '../../catalog/pythons.js';
import type { Run } from '../../lib/run.js';

export interface PythonFacts extends FoundPython {
  /** Whether `python -m venv` can make an environment at all. */
  readonly venv: boolean;
  /** Whether such an environment gets a pip; Debian parts this from venv. */
  readonly ensurepip: boolean;
  /** Absent when there is none. */
  readonly pip?: string;
  /** Why it does not answer; the rest is false then. */
  readonly trouble?: string;
}

const question = `
import importlib.util as u, json
def has(name):
    return u.find_spec(name) is not None
pip = None
if has("pip"):
    try:
        from importlib.metadata import version
        pip = version("pip")
    except Exception:
        pip = "of an unknown version"
print(json.dumps({"venv": has("venv"), "ensurepip": has("ensurepip"), "pip": pip}))
`;

/** Asks one interpreter. */
export async function askPython(python: FoundPython, run: Run, signal?: AbortSignal): Promise<PythonFacts> {
  const result = await run(python.path, ['-I', '-c', question], {
    env: { PYTHON_MANAGER_AUTOMATIC_INSTALL: 'false', PYTHONDONTWRITEBYTECODE: '1' },
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const { venv, ensurepip, pip } = JSON.parse(result.stdout) as {
      readonly venv: boolean;
      readonly ensurepip: boolean;
      readonly pip: string | null;
    };
    return { ...python, venv, ensurepip, ...(pip === null ? {} : { pip }) };
  } catch {
    const trouble = result.stderr.trim().split(/\r?\n/).at(-1) ?? '';
    return { ...python, venv: false, ensurepip: false, trouble: trouble || `it ended with ${result.status}` };
  }
}
