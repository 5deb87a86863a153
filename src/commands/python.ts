// `zookit python`: runs the interpreter of an environment with any arguments, in the project's folder.
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from '../command.js';
import { text, textOption } from '../command.js';
import { AppError } from '../errors.js';
import { environmentOf, readEnvironment } from '../lib/environment.js';
import { exists } from '../lib/files.js';
import { typedWord } from '../lib/quote.js';

export const python: Command = {
  usage: 'python [--env DIR] ARGS...',
  options: { env: text('DIR', 'the Python environment, or the project that holds it') },
  examples: [
    'zookit python --env ./shop manage.py test',
    'zookit python -c "import PIL; print(PIL.__version__)"',
  ],
  passThrough: true,
  async run(context, { options, names }) {
    const folder = textOption(options, 'env');
    const environment = folder === undefined ? context.paths.defaultEnvironment : await environmentOf(folder);
    const found = (await readEnvironment(environment)).python;
    if (!found) {
      throw new AppError('PYTHON_FAILED', `There is no Python environment at '${environment}'`, {
        hint:
          folder === undefined
            ? 'Install a package first, for example `zookit install Pillow`, or name a project with `--env DIR`'
            : (await exists(join(folder, 'web.config')))
              ? `Make it: \`zookit deploy ${typedWord(folder)}\``
              : 'Name the folder of a project, or make one: `zookit new DjangoProject DIR`',
      });
    }
    // manage.py and its like are named as seen from the project.
    const cwd =
      basename(environment) === '.venv' && folder !== undefined ? dirname(environment) : resolve('.');
    const { status } = await context.run(found.path, names, { cwd, inherit: true });
    return status;
  },
};
