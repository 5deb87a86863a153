// Comes in: a folder. Goes out: Site, what its web.config files say: which addresses are files, which go to a worker,
// and that the worker is ours. Starts nothing, answers nothing.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import { decodeXml } from '../lib/decode.js';
import { codeOf } from '../lib/files.js';
import { applyHandlerRules, workerHandler, type Handler, type HandlerRule } from './handlers.js';
import { invalidLine } from './configelements.js';
import { readWebConfig, type SiteConfig } from './webconfig.js';

/** A folder that can be served. */
export interface Site {
  /** Absolute, links resolved. */
  readonly directory: string;
  readonly config: SiteConfig;
  /** Folders with rules of their own, the longest first, so that the first that fits decides. */
  readonly places: readonly SitePlace[];
}

/** An address prefix and who answers below it. */
export interface SitePlace {
  /** Without slashes at its ends: `static`, `content/media`; never empty. */
  readonly prefix: string;
  readonly servedBy: 'files' | 'worker';
}

/** Our own programs: what they do under IIS, our worker does under our host. */
const ownPrograms = ['zoohttp.py', 'zoofcgi.py'];
const builtFolders = ['__pycache__', 'node_modules'];
const privateFolders = ['data', 'log'];
const maximumDepth = 8;

/**
 * Reads the site in `directory` with all folders below it. SITE_INVALID when there is no web.config, when one cannot
 * be used, or when it starts a program that is not ours.
 */
export async function readSite(directory: string): Promise<Site> {
  const root = await existingFolder(directory);
  const text = await readConfig(root);
  if (text === undefined) {
    throw new AppError('SITE_INVALID', `There is no web.config in '${root}'`, {
      hint: 'Make a project with `zookit new DjangoProject DIR`',
    });
  }
  const config = readWebConfig(text, join(root, 'web.config'));
  requireOwnWorker(config);
  const branch = { folder: root, prefix: '', handlers: [], located: new Map(), depth: 0 };
  // A folder's own file comes after its parent's <location>: the last word on a prefix counts.
  const places = new Map((await placesBelow(branch, config)).map((place) => [place.prefix, place]));
  return {
    directory: root,
    config,
    places: [...places.values()].toSorted((a, b) => b.prefix.length - a.prefix.length),
  };
}

/** Who answers a decoded path that begins with `/`; prefixes end at a segment's border. */
export function servedBy(site: Site, path: string, ignoreCase: boolean): SitePlace['servedBy'] {
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  const segments = fold(path)
    .split('/')
    .filter((segment) => segment !== '');
  const whole = `${segments.join('/')}/`;
  return site.places.find((place) => whole.startsWith(`${fold(place.prefix)}/`))?.servedBy ?? 'worker';
}

async function existingFolder(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    throw new AppError('SITE_INVALID', `There is no folder '${directory}'`, {
      cause: error,
      hint: 'Name the folder of a project, or make one: `zookit new DjangoProject DIR`',
    });
  }
}

async function readConfig(folder: string): Promise<string | undefined> {
  try {
    return decodeXml(await readFile(join(folder, 'web.config')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EISDIR') return undefined;
    throw unreadable(join(folder, 'web.config'), error);
  }
}

function unreadable(path: string, error: unknown): AppError {
  return new AppError('SITE_INVALID', `Cannot read '${path}'`, {
    cause: error,
    details: [messageOf(error)],
    hint: 'Run the command as somebody who may read it',
  });
}

/** Refuses what this host does not start: other programs, other engines, no handler at all. */
function requireOwnWorker(config: SiteConfig): void {
  const { file, line, process, engine } = config;
  const wanted = `zoohttp.py or zoofcgi.py as the site's program, or an engine python.*`;
  if (process) {
    if (!argumentNames(process.arguments).some((name) => ownPrograms.includes(name))) {
      throw invalidLine(file, line, wanted, `'${process.program} ${process.arguments}'`.trim());
    }
  } else if (engine === undefined) {
    throw invalidLine(
      file,
      line,
      `a handler with path="*" (httpPlatformHandler, FastCgiModule or HeliconZoo)`,
      'none',
    );
  } else if (!/^python(\.|$)/i.test(engine)) {
    throw invalidLine(file, line, wanted, `the engine '${engine}'`);
  }
}

/** File names among a Windows command line's arguments, in lower case. */
function argumentNames(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|[^\s"]+/g)].map((match) =>
    (match[1] ?? match[0]).replace(/^.*[\\/]/, '').toLowerCase(),
  );
}

interface Branch {
  readonly folder: string;
  readonly prefix: string;
  /** In force in the folder above. */
  readonly handlers: readonly Handler[];
  /** What folders above say about places below them, by prefix. */
  readonly located: ReadonlyMap<string, readonly HandlerRule[]>;
  readonly depth: number;
}

/** Applies a folder's rules, then those of its `<location>`s, then walks on; links are not followed. */
async function placesBelow(branch: Branch, config: SiteConfig | undefined): Promise<SitePlace[]> {
  const file = config?.file ?? '';
  const handlers = applyHandlerRules(branch.handlers, config?.handlers ?? [], file);
  const located = new Map(branch.located);
  const places: SitePlace[] = [];
  if (config && branch.prefix !== '') places.push(placeOf(branch.prefix, handlers));
  for (const location of config?.locations ?? []) {
    const prefix = below(branch.prefix, location.path);
    located.set(prefix, location.handlers);
    places.push(placeOf(prefix, applyHandlerRules(handlers, location.handlers, file)));
  }
  if (branch.depth >= maximumDepth) return places;
  for (const name of await foldersIn(branch)) {
    const folder = join(branch.folder, name);
    const prefix = below(branch.prefix, name);
    const inherited = applyHandlerRules(handlers, located.get(prefix) ?? [], file);
    const inner = await readConfig(folder);
    places.push(
      ...(await placesBelow(
        { folder, prefix, handlers: inherited, located, depth: branch.depth + 1 },
        inner === undefined ? undefined : readWebConfig(inner, join(folder, 'web.config')),
      )),
    );
  }
  return places;
}

function below(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}/${name}`;
}

function placeOf(prefix: string, handlers: readonly Handler[]): SitePlace {
  return { prefix, servedBy: workerHandler(handlers) ? 'worker' : 'files' };
}

/** Dot folders and private ones are never answered from, so they are not walked. */
async function foldersIn(branch: Branch): Promise<readonly string[]> {
  const entries = await readdir(branch.folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(branch.folder, error);
  });
  const skipped = branch.depth === 0 ? [...builtFolders, ...privateFolders] : builtFolders;
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !skipped.includes(entry.name))
    .map((entry) => entry.name)
    .toSorted();
}
