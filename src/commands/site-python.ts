// Finds the interpreters of a site: its environment's, and the base that made it or could make it.
import { join, resolve } from 'node:path';
import { inspect } from '../catalog/inspect.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { readText } from '../lib/decode.js';
import { readEnvironment } from '../lib/environment.js';
import { exists } from '../lib/files.js';
import { typedWord } from '../lib/quote.js';
import { compareVersions } from '../lib/version.js';
import { openCatalog } from './open-catalog.js';
import { inspectionFor } from './planning.js';

/** The folder of a site, checked; throws SITE_INVALID. */
export async function siteFolder(folder: string | undefined, command: string): Promise<string> {
  const directory = resolve(folder ?? '.');
  if (await exists(join(directory, 'web.config'))) return directory;
  throw new AppError('SITE_INVALID', `'${directory}' is not a site: it has no web.config`, {
    hint: `Name the folder of a project, \`zookit ${command} DIR\`, or make one: \`zookit new DjangoProject DIR\``,
  });
}

/**
 * The environment's interpreter when it is alive. A site without packages of its own runs under the best base interpreter;
 * one with packages would only end in an import error there. Throws SITE_INVALID, PYTHON_FAILED.
 */
export async function pythonOfSite(context: Context, directory: string): Promise<string> {
  const own = (await readEnvironment(join(directory, '.venv'))).python?.path;
  if (own !== undefined) return own;
  const requirements = (await readText(join(directory, 'requirements.txt'))) ?? '';
  if (!/^[A-Za-z0-9]/m.test(requirements)) return basePython(context, directory);
  throw new AppError('SITE_INVALID', `The site '${directory}' has no Python environment with its packages`, {
    details: [
      `Wanted '${join(directory, '.venv')}' with what requirements.txt names`,
      'Found none that works',
    ],
    hint: `Make it: \`zookit deploy ${typedWord(directory)}\``,
  });
}

/** A base interpreter: of the minor version that the site's environment has or had, else the newest. */
export async function basePython(context: Context, directory: string): Promise<string> {
  const catalog = await openCatalog(context);
  const machine = await inspect(await inspectionFor(context, catalog, ['python']));
  const found = [...(machine.presences.get('python') ?? [])].sort((a, b) =>
    compareVersions(b.version, a.version),
  );
  const wanted = (await readEnvironment(join(directory, '.venv'))).python?.version;
  const minor = wanted?.split('.').slice(0, 2).join('.');
  const best =
    found.find(({ version }) => minor !== undefined && version.startsWith(`${minor}.`)) ?? found[0];
  if (best?.path !== undefined) return best.path;
  throw new AppError('PYTHON_FAILED', `No Python is here for the site '${directory}'`, {
    hint: 'Install one: `zookit install Python`',
  });
}

/** A script of the workers where Zookit installed them; throws SITE_INVALID. */
export async function workerScript(context: Context, name: string): Promise<string> {
  const path = join(context.paths.hosting, name);
  if (await exists(path)) return path;
  throw new AppError('SITE_INVALID', `The Python workers are not installed: '${path}' is missing`, {
    hint: '`zookit install PythonWorkers`',
  });
}
