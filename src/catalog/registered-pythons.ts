// Comes in: a registry. Goes out: the interpreters that are registered for the whole machine. Runs none of them; whether
// they work is pythons.ts's question. Format: PEP 514; HKCU does not count, services cannot read profiles.
import { win32 } from 'node:path';
import type { Registry, RegistryKey, RegistryView } from './registry.js';

const views: readonly RegistryView[] = [64, 32];
const pythonKey = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Python';
/** Under PythonCore the official installer would overwrite ours, and our undo delete theirs. */
const ourCompany = 'Zookit';

/** Absolute paths, our own company's first, then as the registry has them, 64-bit ones before 32-bit ones. */
export async function registeredPythons(registry: Registry): Promise<string[]> {
  const found: { readonly company: string; readonly path: string }[] = [];
  for (const view of views) {
    const keys = await registry.tree(pythonKey, view);
    for (const key of keys) {
      const [company = '', tag, last, ...more] = key.path.slice(pythonKey.length + 1).split('\\');
      if (tag === undefined || last?.toLowerCase() !== 'installpath' || more.length > 0) continue;
      // The launcher is no interpreter.
      if (company.toLowerCase() === 'pylauncher') continue;
      const path = interpreterOf(key, company);
      if (path !== undefined) found.push({ company, path });
    }
  }
  const ours = found.filter(({ company }) => company === ourCompany);
  return [...new Set([...ours, ...found].map(({ path }) => path))];
}

/** Without a program of its own only an official Python has one: other companies' say that they are not to be run. */
function interpreterOf({ values }: RegistryKey, company: string): string | undefined {
  const text = (name: string): string =>
    values.find((value) => value.name.toLowerCase() === name)?.text.trim() ?? '';
  const executable = text('executablepath');
  const folder = text('');
  const isOfficial = company.toLowerCase() === 'pythoncore';
  const path =
    executable === '' && folder !== '' && isOfficial ? win32.join(folder, 'python.exe') : executable;
  return win32.isAbsolute(path) && !/\\Microsoft\\WindowsApps\\/i.test(path) ? path : undefined;
}
