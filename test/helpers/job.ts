// Comes in: what an installer does, and answers of programs. Goes out: a job for it on a Windows of the test's own, with
// every change and command remembered. Starts nothing.
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Change, Job } from '../../src/kind.js';
import type { Entry, InstallCommand, Installer, InstallerAction } from '../../src/types.js';
import { entryOf } from './feeds.js';
import { temporaryFolder } from './folder.js';
import type { Answer, RecordedRun } from './recorded-run.js';
import { recordedRun } from './recorded-run.js';

export interface TestJob extends RecordedRun {
  readonly job: Job;
  readonly changes: Change[];
  readonly said: string[];
}

export interface JobAbout {
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly entry?: Partial<Entry>;
  readonly installer?: Partial<Installer>;
  /** The installer's file. */
  readonly file?: string;
  readonly job?: Partial<Job>;
  readonly from?: string;
}

/** The environment of a Windows. */
export const windows = {
  SystemRoot: 'C:\\Windows',
  TEMP: 'C:\\Users\\a\\Temp',
  ProgramFiles: 'C:\\Program Files',
  PATH: '',
};

/** A command of a feed; `about` is what the test is about. */
export function command(
  kind: InstallCommand['kind'],
  program: string,
  about: Partial<InstallCommand> = {},
): InstallCommand {
  return { kind, program, arguments: '', properties: '', ignoreExitCode: false, returnCodes: [], ...about };
}

/** A step of product Demo 1.0 on Windows. */
export function jobOf(context: TestContext, action: InstallerAction, about: JobAbout = {}): TestJob {
  const recorded = recordedRun(about.answers ?? { '': {} });
  const changes: Change[] = [];
  const said: string[] = [];
  const file = about.file ?? 'C:\\cache\\demo file.msi';
  const installer: Installer = {
    id: '1',
    action,
    languages: [],
    architectures: [],
    platforms: [],
    logFiles: [],
    file: { url: 'demo', sha256: 'hash' },
    ...about.installer,
  };
  const job: Job = {
    step: {
      product: 'Demo',
      version: '1.0',
      title: 'Demo',
      status: about.from === undefined ? 'install' : 'upgrade',
      ...(about.from === undefined ? {} : { from: about.from }),
      entry: entryOf('Demo', '1.0', about.entry),
      installer,
      place: 'machine',
      neededBy: [],
      asked: true,
      bytes: 0,
      after: [],
    },
    platform: { os: 'windows', arch: 'x64', osVersion: '10.0' },
    programs: 'programs',
    sharedTemplate: '',
    environment: 'environment',
    values: new Map(),
    secrets: new Map(),
    files: new Map([['hash', file]]),
    pipPythons: [],
    toolCache: 'cache',
    logs: join(temporaryFolder(context), 'logs'),
    run: recorded.run,
    progress: (text) => said.push(text),
    change: (change) => Promise.resolve(void changes.push(change)),
    ...about.job,
  };
  return { ...recorded, job, changes, said };
}
