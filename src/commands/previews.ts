// Joins plan and kinds: what each step would do, as commands, files and downloads of the machine that the plan is for.
// Nothing is run, fetched or made; the skeletons of templates on this disk are listed.
import { readdirSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.js';
import type { Preview, PreviewRequest } from '../kind.js';
import { withoutCredentials } from '../lib/credentials.js';
import { foreignPrograms, sharedTemplate } from '../paths.js';
import { filesOf } from '../plan/files.js';
import type { FileRequest, Step } from '../types.js';
import type { Planned } from './planning.js';
import { interpreterStep, pythonVersionOf } from './planning.js';

/** A file that a step fetches; wheels come through the user's own pip, from wherever that finds them. */
export interface Download {
  readonly name: string;
  readonly sha256?: string;
  readonly urls?: readonly string[];
}

export interface StepPreview extends Preview {
  readonly downloads: readonly Download[];
}

export interface PreviewSettings {
  /** Answers to the products' questions by lower-case name, as far as they are known. */
  readonly answers: ReadonlyMap<string, string>;
  readonly featureSource?: string;
}

/** What every step of a plan would do, in the plan's order; what is present does nothing. */
export function previewsOf(
  context: Context,
  planned: Planned,
  settings: PreviewSettings,
): ReadonlyMap<Step, StepPreview> {
  const { plan, machine, catalog } = planned;
  const { platform } = machine;
  const python = pythonVersionOf(planned);
  const first = interpreterStep(plan, catalog);
  const previews = new Map<Step, StepPreview>();
  let interpreter = interpreterOf(first, first?.path);
  let environmentThere = machine.environment.python !== undefined;
  for (const step of plan.steps) {
    if (step.status === 'present') continue;
    const request = requestFor(context, planned, settings, { step, environmentThere, interpreter });
    const kind = step.installer && context.kinds.get(step.installer.action.kind);
    const preview = kind?.preview?.(request) ?? { commands: [], files: [] };
    const downloads = filesOf(step, platform, python).map(downloadOf);
    previews.set(step, { ...preview, downloads });
    if (step === first) interpreter = interpreterOf(step, interpreterIn(step, preview, platform.os));
    if (step.installer?.action.kind === 'python') environmentThere = true;
  }
  return previews;
}

type Interpreter = PreviewRequest['interpreter'];

function requestFor(
  context: Context,
  { machine, project }: Planned,
  { answers, featureSource }: PreviewSettings,
  now: { readonly step: Step; readonly environmentThere: boolean; readonly interpreter: Interpreter },
): PreviewRequest {
  const { platform } = machine;
  const foreign = !context.thisMachine;
  const { step, environmentThere, interpreter } = now;
  const uv = machine.presences.get('uv')?.[0]?.path;
  return {
    step,
    platform,
    programs: foreign ? foreignPrograms(platform.os) : context.paths.programs,
    logs: foreign ? foreignLogs(platform.os) : context.paths.logs,
    environment: machine.environment.directory,
    environmentThere,
    values: valuesOf(step, answers),
    systemPackages: machine.systemPackages,
    skeleton: skeletonOf(step),
    ...(project === undefined ? {} : { project }),
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(uv === undefined ? {} : { uv }),
    ...(featureSource === undefined ? {} : { featureSource }),
  };
}

function foreignLogs(os: 'windows' | 'linux' | 'macos'): string {
  return os === 'windows' ? '%ProgramData%\\Zookit\\logs' : `${foreignPrograms(os)}/logs`;
}

function interpreterOf(step: Step | undefined, path: string | undefined): Interpreter {
  return step && path !== undefined ? { version: step.version, path } : undefined;
}

/** The interpreter that a step brings: in the folder that it makes, or on PATH by its version. */
function interpreterIn({ version }: Step, { files }: Preview, os: 'windows' | 'linux' | 'macos'): string {
  const [folder] = files;
  if (folder === undefined) return `python${version.split('.').slice(0, 2).join('.')}`;
  return os === 'windows' ? win32.join(folder, 'python.exe') : posix.join(folder, 'bin', 'python3');
}

function valuesOf({ entry }: Step, answers: PreviewSettings['answers']): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, default: usual, type, tags } of entry?.parameters ?? []) {
    const value = answers.get(name.toLowerCase()) ?? usual;
    const isSecret = type === 'password' || tags.some((tag) => /password|^nostore$/i.test(tag));
    if (value !== undefined && !isSecret) values.set(name, value);
  }
  return values;
}

/** The paths of a template's files, where they lie on this disk. */
function skeletonOf({ installer }: Step): string[] {
  const action = installer?.action;
  const href = action?.kind === 'template' ? action.href : undefined;
  if (href === undefined || installer?.file) return [];
  const folder = /^file:/i.test(href) ? fileURLToPath(href) : href;
  return [sharedTemplate, folder].flatMap(pathsBelow);
}

function pathsBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) =>
        `${parentPath}/${name}`.slice(folder.replace(/[\\/]$/, '').length + 1).replaceAll('\\', '/'),
      );
  } catch {
    // The installation will tell that it is not there.
    return [];
  }
}

function downloadOf(file: FileRequest): Download {
  const { name, sha256 } = file;
  return {
    name,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(file.kind === 'url' ? { urls: file.urls.map(withoutCredentials) } : {}),
  };
}
