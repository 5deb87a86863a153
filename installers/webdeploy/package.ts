// Comes in: the zip of a Web Deploy package. Goes out: its manifest and its parameters, read without unpacking the rest. Knows
// where they lie; decides nothing.
import { AppError } from '../../src/errors.js';
import { readFromZip } from '../../src/lib/archive.js';
import type { Step } from '../../src/types.js';
import { badPackage } from './document.js';
import type { Provider } from './manifest.js';
import { readManifest } from './manifest.js';
import type { PackageParameter, ParameterEntry } from './parameters.js';
import { readParameters } from './parameters.js';
import { isApplication } from './questions.js';
import { installerKey } from '../variables.js';

export interface WebDeployPackage {
  /** The zip. */
  readonly path: string;
  readonly providers: readonly Provider[];
  readonly parameters: readonly PackageParameter[];
}

/** Both files at the top of a package, in lower case. */
export const packageFiles = ['manifest.xml', 'parameters.xml'];

const largest = 4 * 1024 * 1024;

/** Reads the package of a step; throws INSTALLER_FAILED for one that is none. */
export async function readPackage(
  step: Step,
  files: ReadonlyMap<string, string>,
  language?: string,
): Promise<WebDeployPackage> {
  const path = files.get(installerKey(step) ?? '');
  if (path === undefined)
    throw new AppError('INSTALLER_FAILED', `The installer of '${step.product}' names no file`, {
      hint: 'See what is wrong with its feed: `zookit feed check FEED`',
    });
  const found = await readFromZip(path, packageFiles, largest);
  const manifest = found.get('manifest.xml');
  if (!manifest)
    throw badPackage(`it has no 'manifest.xml'`, [
      'Wanted manifest.xml, parameters.xml and a folder at the top of a zip',
    ]);
  const parameters = found.get('parameters.xml');
  const providers = readManifest(manifest);
  return {
    path,
    providers,
    parameters: withApplication(providers, parameters ? readParameters(parameters, language) : []),
  };
}

/** Every package has a place in IIS, whether its author has marked the parameter for it, written one, or neither. */
function withApplication(
  providers: readonly Provider[],
  parameters: readonly PackageParameter[],
): readonly PackageParameter[] {
  if (parameters.some(isApplication)) return parameters;
  const fits = ({ type, scope }: ParameterEntry): boolean =>
    type === 'providerpath' && scope.trim().toLowerCase() === 'iisapp';
  const unmarked = parameters.find(({ entries }) => entries.some(fits));
  if (unmarked)
    return parameters.map((each) => (each === unmarked ? { ...each, tags: [...each.tags, 'iisapp'] } : each));
  const path = providers.find(({ name }) => name === 'iisapp')?.path ?? '';
  const own: PackageParameter = {
    name: 'Application Path',
    title: 'Site and application in IIS',
    description: '',
    default: `Default Web Site/${path}`,
    tags: ['iisapp'],
    rules: { allowEmpty: false },
    entries: [{ type: 'providerpath', scope: 'iisApp', match: '.+' }],
    line: 1,
  };
  return [own, ...parameters];
}
