// `zookit cache`: what is kept of downloads; checks it, throws it away.
import type { Command } from '../command.js';
import { unknownVerb } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { forgetParsed } from '../feed/parsed-cache.js';
import { errorJson } from '../lib/error-json.js';
import { removeWhole } from '../lib/files.js';
import { columns, sizeText } from '../lib/terminal.js';
import { asWriter } from './writing.js';

export const cache: Command = {
  usage: 'cache list|verify|clean',
  options: {},
  afterVerb: { list: '', verify: '', clean: '' },
  examples: ['zookit cache list', 'zookit cache clean'],
  async run(context, { names }) {
    const [verb] = names;
    if (verb === 'list') return listFiles(context);
    if (verb === 'verify') return asWriter(context, () => verify(context));
    if (verb === 'clean') return cleanAnyway(context);
    throw unknownVerb(cache, verb, '`zookit cache list`, `zookit cache verify` or `zookit cache clean`');
  },
};

async function listFiles({ cache: files, terminal }: Context): Promise<undefined> {
  const found = await files.list();
  if (terminal.json) {
    terminal.printJson(found);
    return undefined;
  }
  if (found.length > 0)
    terminal.print(
      columns(found.map(({ name, bytes, sha256 }) => [sha256.slice(0, 12), sizeText(bytes), name])),
    );
  terminal.say(`${found.length} files, ${sizeText(found.reduce((sum, { bytes }) => sum + bytes, 0))}`);
  return undefined;
}

async function verify({ cache: files, terminal }: Context): Promise<undefined> {
  const bad = await files.verify();
  if (bad.length === 0) {
    if (terminal.json) terminal.printJson({ ok: true, removed: bad });
    terminal.say('Every file is what its hash says');
    return undefined;
  }
  const what = bad.length === 1 ? 'A file of the cache was' : `${bad.length} files of the cache were`;
  const error = new AppError('HASH_MISMATCH', `${what} damaged and thrown away`, {
    details: bad.map(({ name, sha256 }) => `${name} (sha256 ${sha256})`),
    hint: 'Nothing to do: what is needed is fetched again',
  });
  if (terminal.json) terminal.printJson({ ok: false, error: errorJson(error), removed: bad });
  throw error;
}

/** A disk that is full to the last byte has no room for a lock either, so nobody is at work: what is kept goes first then. */
async function cleanAnyway(context: Context): Promise<undefined> {
  try {
    await asWriter(context, () => clean(context, 0));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DISK_FULL') throw error;
    const before = await context.cache.clean();
    await asWriter(context, () => clean(context, before));
  }
  return undefined;
}

async function clean({ cache: files, paths, terminal }: Context, before: number): Promise<undefined> {
  const bytes = before + (await files.clean());
  // Unpacked packages and bytecode are made again from what is fetched again, feeds are read again from their copies.
  await removeWhole(paths.toolCache);
  await forgetParsed(paths.feedCache);
  if (terminal.json) terminal.printJson({ ok: true, bytes });
  else terminal.say(`${sizeText(bytes)} thrown away`);
  return undefined;
}
