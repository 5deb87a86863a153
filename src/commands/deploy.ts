// `zookit deploy`: brings a site up to date by its own deploy.py: environment, packages, database, static files.
import { delimiter } from 'node:path';
import type { Command } from '../command.js';
import { AppError } from '../errors.js';
import { programOnPath } from '../lib/programs.js';
import { endingOf, lastLines } from '../lib/run.js';
import { basePython, siteFolder, workerScript } from './site-python.js';
import { undoTools } from './writing.js';

export const deploy: Command = {
  usage: 'deploy [DIR]',
  options: {},
  examples: ['zookit deploy ./shop'],
  async run(context, { names }) {
    const directory = await siteFolder(names[0], 'deploy');
    const script = await workerScript(context, 'zoodeploy.py');
    const python = await basePython(context, directory);
    const { wheelFolders, pipWheel } = await undoTools(context);
    const uv = await programOnPath('uv', context.variables['PATH'] ?? '');
    context.terminal.say(`Deploying ${directory}`);
    const result = await context.run(python, [script, '--site', directory, '--packages', '--force'], {
      cwd: directory,
      env: {
        PYTHONUTF8: '1',
        PYTHONUNBUFFERED: '1',
        DEPLOY_FIND_LINKS: wheelFolders.join(delimiter),
        ...(uv === undefined ? {} : { DEPLOY_UV: uv }),
        ...(pipWheel === undefined ? {} : { DEPLOY_PIP: pipWheel }),
        ...(context.offline ? { DEPLOY_OFFLINE: '1' } : {}),
      },
      // The last line is for the web server's log: the error below says it here.
      onLine: (line) => {
        if (!line.startsWith('error: ')) context.terminal.say(line);
      },
      signal: context.signal,
    });
    if (result.status !== 0) {
      throw new AppError('INSTALLER_FAILED', `deploy.py of '${directory}' ${endingOf(result)}`, {
        details: lastLines({ ...result, stderr: '' }, 4).filter(
          (line) => !/^The deploy script ended/.test(line),
        ),
        hint: 'Mend what it says and run the same command again; the whole log is log/deploy.log',
      });
    }
    if (context.terminal.json) context.terminal.printJson({ ok: true, site: directory });
    return undefined;
  },
};
