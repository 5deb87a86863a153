// Kind `payload`: copies the files that lie beside a feed into the product's own folder. Comes in: fetched files. Goes
// out: the folder. Knows no product.
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../src/errors.js';
import type { InstallerKind } from '../src/kind.js';
import { fileKey } from '../src/lib/file-key.js';
import { joinInside } from '../src/lib/files.js';
import type { PayloadFile } from '../src/types.js';
import { productFolder, replaceFolder } from './staging.js';
import { pathsOf, targetFolder } from './target.js';

export const payload: InstallerKind = {
  name: 'payload',
  undoable: true,
  ownsFolder: true,
  preview(request) {
    const action = request.step.installer?.action;
    if (action?.kind !== 'payload') return { commands: [], files: [] };
    const folder = targetFolder(request, action.into);
    return {
      commands: [],
      files: action.files.map(({ path }) => pathsOf(request.platform).join(folder, path)),
    };
  },
  async apply(job) {
    const { installer, product } = job.step;
    if (installer?.action.kind !== 'payload') throw new Error('Not a payload installer');
    const { files, into } = installer.action;
    const goal = productFolder(job.programs, product, into);
    await replaceFolder(job, goal, (staging) => copyPayload(files, job.files, staging));
    return { path: goal };
  },
};

/** Copies fetched files to their paths below `folder`; throws INSTALLER_FAILED when one would lie outside. */
export async function copyPayload(
  files: readonly PayloadFile[],
  fetched: ReadonlyMap<string, string>,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const from = fetched.get(fileKey({ ...file, urls: [file.url] }));
    if (from === undefined)
      throw new AppError('INSTALLER_FAILED', `The file '${file.path}' was not fetched`, {
        hint: 'Run the same command again',
      });
    const to = joinInside(folder, file.path);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  }
}
