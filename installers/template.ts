// Kind `template`: makes a project from a skeleton, with web.config in the asked form, and deploys it once. Comes in: a
// folder or archive of files with placeholders. Goes out: the project's folder. Knows neither Django nor Flask.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../src/errors.js';
import type { InstallerKind, Job } from '../src/kind.js';
import { unpack } from '../src/lib/archive.js';
import { fileKey } from '../src/lib/file-key.js';
import { besideName, exists, renameStubborn } from '../src/lib/files.js';
import type { InstallerAction } from '../src/types.js';
import { deployProject } from './deploy.js';
import { writeSkeleton } from './skeleton.js';
import { previewProject } from './template-preview.js';
import { writePrivateFiles, writeWebConfigs } from './site-files.js';

type TemplateAction = Extract<InstallerAction, { kind: 'template' }>;

export const template: InstallerKind = {
  name: 'template',
  undoable: true,
  preview: previewProject,
  async apply(job) {
    const { installer, product } = job.step;
    if (installer?.action.kind !== 'template') throw new Error('Not a template installer');
    const project = await emptyProject(job);
    const staging = besideName(project, 'staging');
    await job.change({ kind: 'created', path: staging });
    job.progress(`Writing ${product} to ${project}`);
    const skeleton = await skeletonFolder(job, installer.action, staging);
    const filled = join(staging, 'filled');
    await writeSkeleton([job.sharedTemplate, skeleton], filled, job.values);
    await writeWebConfigs(filled, job.values);
    await writePrivateFiles(filled);
    for (const name of await readdir(filled)) {
      const path = join(project, name);
      await job.change({ kind: 'created', path });
      await renameStubborn(join(filled, name), path);
    }
    await rm(staging, { recursive: true, force: true });
    if (job.deploy !== false) await deployProject(job, project);
    return { path: project };
  },
};

/** The project's folder, made when missing. An environment may be there already, and nothing else of the user's. */
async function emptyProject(job: Job): Promise<string> {
  const { project } = job;
  if (project === undefined) {
    throw new AppError('USAGE', `'${job.step.product}' is a template and needs a folder`, {
      hint: `Make a project: \`zookit new ${job.step.product} DIR\``,
    });
  }
  await mkdir(project, { recursive: true });
  const others = (await readdir(project)).filter((name) => join(project, name) !== job.environment);
  if (others.length > 0) {
    throw new AppError('USAGE', `The folder '${project}' is not empty`, {
      details: [`Found ${others.slice(0, 5).join(', ')}`],
      hint: 'Name a folder that does not exist yet',
    });
  }
  return project;
}

async function skeletonFolder(job: Job, action: TemplateAction, staging: string): Promise<string> {
  const { installer, product } = job.step;
  const file = installer?.file && job.files.get(fileKey({ ...installer.file, urls: [installer.file.url] }));
  if (file !== undefined) {
    const unpacked = join(staging, 'unpacked');
    await unpack(file, unpacked);
    return join(unpacked, action.href === undefined ? '' : basename(action.href));
  }
  const folder =
    action.href !== undefined && /^file:/i.test(action.href) ? fileURLToPath(action.href) : action.href;
  if (folder !== undefined && (await exists(folder)) && (await stat(folder)).isDirectory()) return folder;
  throw new AppError('INSTALLER_FAILED', `The skeleton of '${product}' is not there`, {
    details: [`Looked at ${folder ?? 'no address'}`],
    hint: 'A feed on a server must offer its template as an archive (`installerFile`)',
  });
}
