// Comes in: a job whose installer's file has the name that its address gave it: `fwlink`, `download.aspx`. Goes out: the job
// with a file whose name ends as its content says: Windows starts no program, and wusa opens no update, of another name.
import { copyFile, mkdir, open } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Job } from '../src/kind.js';
import { installerFile, installerKey } from './variables.js';

/** First bytes of what Windows can start or open, and how its name must end. */
const endings: readonly { readonly magic: string; readonly ending: string; readonly also?: string }[] = [
  { magic: '4d5a', ending: '.exe' },
  { magic: 'd0cf11e0a1b11ae1', ending: '.msi', also: '.msp' },
  { magic: '4d534346', ending: '.msu', also: '.cab' },
];

/** The same job, or one with a copy of the file in the private folder of tools. */
export async function withFittingName(job: Job): Promise<Job> {
  const path = installerFile(job);
  const key = installerKey(job.step);
  if (path === undefined || key === undefined) return job;
  const start = await firstBytes(path);
  const known = endings.find(({ magic }) => start.startsWith(magic));
  const found = extname(path).toLowerCase();
  if (!known || found === known.ending || found === known.also) return job;
  const copy = join(job.toolCache, 'installers', basename(dirname(path)), basename(path) + known.ending);
  await mkdir(dirname(copy), { recursive: true });
  await copyFile(path, copy);
  return { ...job, files: new Map([...job.files, [key, copy]]) };
}

/** In lower-case hex; empty for a file that is not there, which is the installer's failure to tell. */
async function firstBytes(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.toString('hex', 0, bytesRead);
  } finally {
    await file.close();
  }
}
