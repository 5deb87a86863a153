// Kind `archive`: unpacks the installer's file (zip or tar.gz) into the product's own folder. Comes in: the file from the
// cache. Goes out: the folder. Knows no product; what the archive may hold is decided by src/lib/entry-names.ts.
import { AppError } from '../src/errors.js';
import type { InstallerKind } from '../src/kind.js';
import { unpack } from '../src/lib/archive.js';
import { fileKey } from '../src/lib/file-key.js';
import { productFolder, replaceFolder } from './staging.js';
import { targetFolder } from './target.js';

export const archive: InstallerKind = {
  name: 'archive',
  undoable: true,
  ownsFolder: true,
  preview(request) {
    const action = request.step.installer?.action;
    if (action?.kind !== 'archive') return { commands: [], files: [] };
    return { commands: [], files: [targetFolder(request, action.into)] };
  },
  async apply(job) {
    const { installer, product } = job.step;
    if (installer?.action.kind !== 'archive') throw new Error('Not an archive installer');
    const file = installer.file && job.files.get(fileKey({ ...installer.file, urls: [installer.file.url] }));
    if (file === undefined)
      throw new AppError('INSTALLER_FAILED', `The installer of '${product}' names no file`);
    const { strip, into } = installer.action;
    const goal = productFolder(job.programs, product, into);
    job.progress(`Unpacking ${product}`);
    await replaceFolder(job, goal, (staging) =>
      unpack(file, staging, { strip, ...(job.signal ? { signal: job.signal } : {}) }),
    );
    return { path: goal };
  },
};
