// Comes in: a filled project folder and its values. Goes out: its web.config files, in the asked host form, and its private
// ones. The texts are made by webconfig.ts; this file only decides which ones a project needs.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../src/errors.js';
import { exists } from '../src/lib/files.js';
import type { Values } from '../src/lib/template.js';
import type { HostForm, SiteApplication, WebConfig } from './webconfig.js';
import { defaultApplicationName, siteVariables, folderWebConfig, siteWebConfig } from './webconfig.js';

/** Folders whose files the web server sends itself. */
const plainFolders = ['static', 'media'];
/** Folders that a site writes to, with their modes: what is private is nobody else's. */
const writtenFolders: Readonly<Record<string, number>> = { data: 0o700, log: 0o755 };
/** What is written below, as paths with `/`. */
export const siteFiles: readonly string[] = [
  'web.config',
  'static.web.config',
  ...plainFolders.map((folder) => `${folder}/web.config`),
  'data/secret.key',
  'log',
];
const hostForms: readonly HostForm[] = ['httpplatform', 'fastcgi', 'zoo'];

/** Writes web.config of the project and of its plain folders, and the original from which deploy.py restores these. */
export async function writeWebConfigs(project: string, values: Values): Promise<void> {
  const config: WebConfig = {
    form: hostForm(values.get('HostForm') ?? 'httpplatform'),
    applicationName: defaultApplicationName,
    pythonMinor: values.get('PythonMinor') ?? '3.13',
    variables: siteVariables(await applicationOf(project, values)),
  };
  await writeFile(join(project, 'web.config'), siteWebConfig(config));
  const plain = folderWebConfig(config);
  await writeFile(join(project, 'static.web.config'), plain);
  for (const folder of plainFolders) {
    await mkdir(join(project, folder), { recursive: true });
    await writeFile(join(project, folder, 'web.config'), plain);
  }
}

/** Makes the folders that a site writes to, and its secret key, so that all of a project is there from the start. */
export async function writePrivateFiles(project: string): Promise<void> {
  for (const [folder, mode] of Object.entries(writtenFolders)) {
    await mkdir(join(project, folder), { recursive: true, mode });
  }
  // What deploy.py makes where a copy of the site has none.
  const key = randomBytes(50).toString('base64url');
  await writeFile(join(project, 'data', 'secret.key'), `${key}\n`, { mode: 0o600 });
}

function hostForm(text: string): HostForm {
  const form = hostForms.find((each) => each === text.toLowerCase());
  if (form) return form;
  throw new AppError('USAGE', `'${text}' is not a host form`, {
    details: [`Wanted one of ${hostForms.join(', ')}`],
    hint: 'For example `--host httpplatform`',
  });
}

/** A project with manage.py is Django's; any other one names its callable `application` in wsgi.py. */
async function applicationOf(project: string, values: Values): Promise<SiteApplication> {
  if (!(await exists(join(project, 'manage.py')))) return { kind: 'wsgi', callable: 'wsgi.application' };
  return { kind: 'django', settings: `${values.get('ProjectName') ?? 'project'}.settings` };
}
