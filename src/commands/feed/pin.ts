// `zookit feed pin`: locks a package with its closure for every platform, from the index's own answer; prints the feed's
// element, or writes it into a feed file.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Options } from '../../command.js';
import { textOption } from '../../command.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { parseFeed } from '../../feed/parse.js';
import type { PinnedClosure } from '../../feed/pin.js';
import { pin } from '../../feed/pin.js';
import { closureXml } from '../../feed/pin-xml.js';
import { parseRequirement } from '../../feed/requirement.js';
import { savePins } from '../../feed/save-pins.js';
import { writeWhole } from '../../lib/files.js';
import { programOnPath } from '../../lib/programs.js';
import { basePython } from '../site-python.js';

export async function pinCommand(
  context: Context,
  names: readonly string[],
  options: Options,
): Promise<undefined> {
  const [word] = names;
  if (word === undefined) {
    throw new AppError('USAGE', 'feed pin: name a package and a version', {
      hint: '`zookit feed pin Pillow==12.3.0`',
    });
  }
  const requirement = parseRequirement(word);
  const lowest = textOption(options, 'python');
  const minimumMinor = lowest === undefined ? undefined : minorOf(lowest);
  const file = textOption(options, 'save');
  const path = file === undefined ? undefined : resolve(file);
  const before = path === undefined ? undefined : await readFeedFile(path);
  const uv = await programOnPath('uv', context.variables['PATH'] ?? '');
  if (uv === undefined) {
    throw new AppError('PYTHON_FAILED', 'Pinning for every platform needs uv, which is not on PATH', {
      hint: 'Install it, for example with `pipx install uv`',
    });
  }
  const closure = await pin(
    {
      requirement,
      entries: path === undefined || before === undefined ? [] : parseFeed(before, path).entries,
      ...(minimumMinor === undefined ? {} : { minimumMinor }),
    },
    { run: stoppable(context), http: context.http, uv, python: await basePython(context, '.') },
  );
  if (path !== undefined && before !== undefined) await writeWhole(path, savePins(before, closure));
  show(context, closure, path);
  return undefined;
}

/** Ctrl-C ends what pinning has started. */
function stoppable({ run, signal }: Context): Context['run'] {
  return (program, args, options) => run(program, args, { signal, ...options });
}

function show({ terminal }: Context, closure: PinnedClosure, path: string | undefined): void {
  for (const { name, product } of closure.leftOut)
    terminal.say(`note: ${name} is left out: the entry needs a dependency on '${product}'`);
  if (terminal.json) terminal.printJson({ ok: true, ...closure });
  else if (path === undefined) terminal.print(closureXml(closure, ''));
  else
    terminal.say(
      `Pinned in '${path}': ${closure.packages.length} ${closure.packages.length === 1 ? 'package' : 'packages'}`,
    );
}

function minorOf(text: string): number {
  const minor = /^3\.(\d+)$/.exec(text)?.[1];
  if (minor !== undefined) return Number(minor);
  throw new AppError('USAGE', `'${text}' is not a Python version`, { hint: 'For example `--python 3.10`' });
}

async function readFeedFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('USAGE', `Cannot read the feed file '${path}'`, {
      cause,
      hint: 'Name a file that exists',
    });
  });
}
