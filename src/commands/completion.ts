// `zookit completion SHELL`: the script that teaches a shell to complete zookit's words. The script asks this same program
// for each word, by `--words`, so it never grows old; cli answers that before anything else is loaded.
import type { Command } from '../command.js';
import { flag } from '../command.js';
import { AppError } from '../errors.js';
import { nearestHint } from '../lib/nearest.js';
import { completionScripts } from './completion/scripts.js';

export const completion: Command = {
  usage: 'completion bash|zsh|fish|powershell',
  options: {
    words: flag('what the scripts ask: what the last of the words that follow may become, a line each'),
  },
  afterVerb: { bash: '', zsh: '', fish: '', powershell: '' },
  examples: ['zookit completion bash', 'zookit completion powershell'],
  run(context, { names }) {
    const [shell] = names;
    const shells = Object.keys(completionScripts);
    const isKnown = shell !== undefined && Object.hasOwn(completionScripts, shell);
    const script = isKnown ? completionScripts[shell] : undefined;
    if (shell === undefined || script === undefined)
      throw new AppError(
        'USAGE',
        shell === undefined ? 'completion: name a shell' : `completion: no script is here for '${shell}'`,
        {
          details: [`Wanted one of ${shells.join(', ')}`],
          hint: nearestHint(
            shell ?? '',
            shells,
            'For example `zookit completion bash`',
            (near) => `zookit completion ${near}`,
          ),
        },
      );
    if (context.terminal.json) context.terminal.printJson({ ok: true, shell, script });
    else context.terminal.print(script.trimEnd());
    return Promise.resolve(undefined);
  },
};
