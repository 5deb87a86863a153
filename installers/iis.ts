// Kind `iis`: a project as an application of IIS. Comes in: a place such as `IIS:Default Web Site/shop`, a project's folder. Goes
// out: the list of commands of `siteCommands`, carried out one after the other, each in the journal with its undo before it is done.
import { join } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Change, InstallerKind, Job, PreviewRequest, StillOwn, UndoTools } from '../src/kind.js';
import { readText } from '../src/lib/decode.js';
import type { IisFacts } from '../src/lib/iis-facts.js';
import { appcmdProgram, askApplications, askIis } from '../src/lib/iis-facts.js';
import type { SitePlace } from '../src/lib/iis-place.js';
import {
  applicationName,
  bindingText,
  checkPool,
  isSameName,
  parseBinding,
  siteOfPlace,
  usualPool,
} from '../src/lib/iis-place.js';
import type { Wait } from '../src/lib/patience.js';
import type { Values } from '../src/lib/template.js';
import type { Variables } from '../src/lib/windows.js';
import { systemProgram } from '../src/lib/windows.js';
import { runAsAdministrator } from './iis/administration.js';
import { siteCommands } from './iis/commands.js';
import type { SiteRequest } from './iis/site.js';
import { windowsVariables } from './target.js';
import type { HostForm } from './webconfig.js';
import { requireWindows } from './windows-only.js';

/** Where things are asked of; the system's but in tests. */
export interface IisTools {
  readonly environment: Variables;
  readonly read?: (path: string) => Promise<string | undefined>;
  readonly wait?: Wait;
}

/** The kind. */
export function iisKind(tools: IisTools): InstallerKind {
  const { environment } = tools;
  return {
    name: 'iis',
    undoable: true,
    needsAdmin: true,
    runsOn: 'windows',
    preview(request) {
      const form = hostForm(request.values.get('HostForm'));
      const folder = request.project ?? 'DIR';
      const site = siteRequest({ ...request, folder, form }, windowsVariables(environment));
      const commands = siteCommands(site, stockFacts(site)).map(({ why, command, undo }) => ({
        why,
        command,
        ...(undo ? { undo } : {}),
      }));
      return { commands, files: [] };
    },
    async apply(job) {
      requireWindows(job, 'iis');
      const folder = projectOf(job);
      const { read = readText } = tools;
      const form = formOf(await read(join(folder, 'web.config'))) ?? hostForm(job.values.get('HostForm'));
      const site = siteRequest({ ...job, folder, form }, environment);
      const facts = await askIis({ run: job.run, variables: environment, read });
      await runAsAdministrator(job, siteCommands(site, facts), tools.wait);
      return { path: folder };
    },
    stillOwn: (changes, undo) => withoutShared(changes, undo, environment),
  };
}

export const iis = iisKind({ environment: process.env });

function projectOf({ project, step }: Job): string {
  if (project !== undefined) return project;
  throw new AppError('USAGE', `'${step.product}' needs a project`, {
    hint: 'Make one: `zookit new DjangoProject DIR --iis "Default Web Site/shop"`',
  });
}

type Asked = Pick<PreviewRequest, 'step' | 'values'> &
  Pick<Job, 'sharedConfiguration'> & { readonly folder: string; readonly form: HostForm };

/** What is asked, in values that a command line may hold; throws USAGE. */
function siteRequest(asked: Asked, variables: Variables): SiteRequest {
  const { values, folder, form, sharedConfiguration } = asked;
  const place = placeOf(asked);
  const binding = filled(values, 'IisBinding');
  return {
    place,
    folder,
    form,
    pool: checkPool(filled(values, 'IisPool') ?? usualPool(place)),
    ...(binding === undefined ? {} : { binding: bindingText(parseBinding(binding)) }),
    windowsAuthentication: filled(values, 'IisAuthentication')?.toLowerCase() === 'windows',
    sqlite: filled(values, 'Database')?.toLowerCase() === 'sqlite',
    ...(sharedConfiguration === undefined ? {} : { sharedConfiguration }),
    programs: { appcmd: appcmdProgram(variables), icacls: systemProgram(variables, 'icacls.exe') },
  };
}

function placeOf({ step }: Pick<PreviewRequest, 'step'>): SitePlace {
  const place = siteOfPlace(step.place);
  if (place) return place;
  throw new AppError('USAGE', `'${step.product}' needs a site in IIS`, {
    hint: 'Name it: `zookit new DjangoProject DIR --iis "Default Web Site/shop"`',
  });
}

function filled(values: Values, name: string): string | undefined {
  const value = values.get(name);
  return value === '' ? undefined : value;
}

function hostForm(text = 'httpplatform'): HostForm {
  const lower = text.toLowerCase();
  return lower === 'fastcgi' || lower === 'zoo' ? lower : 'httpplatform';
}

/** A project that is there already says its form itself. */
function formOf(webConfig: string | undefined): HostForm | undefined {
  if (webConfig === undefined) return undefined;
  if (/<heliconZoo\b/.test(webConfig)) return 'zoo';
  if (/modules="FastCgiModule"/i.test(webConfig)) return 'fastcgi';
  return /<httpPlatform\b/.test(webConfig) ? 'httpplatform' : undefined;
}

/** What a plan takes for granted of a server that nobody has looked at: as Windows sets it up, the site free. */
function stockFacts({ place, binding }: SiteRequest): IisFacts {
  return {
    sites: binding === undefined ? [{ name: place.site, bindings: ['http/*:80:'] }] : [],
    pools: [],
    applications: [],
    modules: ['httpPlatformHandler', 'FastCgiModule', 'HeliconZoo_x64', 'WindowsAuthenticationModule'],
    backups: [],
    configuration: '',
    profiles: 'C:\\Users',
  };
}

/** A pool that another application runs in by now, and a site with other applications below it, stay. */
async function withoutShared(
  changes: readonly Change[],
  { run }: UndoTools,
  variables: Variables,
): Promise<StillOwn> {
  const site = namedBy(changes, 'add site', '/name:');
  const pool = namedBy(changes, 'add apppool', '/name:');
  const own = [namedBy(changes, 'delete app', '/app.name:'), site && applicationName({ site, path: '/' })];
  const others = (await askApplications({ run, variables }).catch(() => [])).filter(
    ({ name }) => !own.some((each) => each !== undefined && isSameName(each, name)),
  );
  const below = others.filter((each) => site !== undefined && isSameName(each.site, site));
  const inside = others.filter((each) => pool !== undefined && isSameName(each.pool, pool));
  const kept = below.length > 0 ? ['site', 'apppool'] : inside.length > 0 ? ['apppool'] : [];
  const users = [...new Set([...below, ...inside])].map(({ name }) => name).join(', ');
  return {
    changes: changes.filter((change) => !kept.includes(thingOf(change))),
    kept: kept.map((what) => `The ${what === 'site' ? 'site' : 'pool'} stays for ${users}`),
  };
}

/** What kind of thing a change of the list is about: `apppool`, `site`, `app`, `config`, or a folder. */
function thingOf(change: Change): string {
  return change.kind === 'ran' ? (change.command[2] ?? '') : '';
}

/** The name in a command of the list, or in its undo: `add site /name:Shop`. */
function namedBy(changes: readonly Change[], verb: string, key: string): string | undefined {
  for (const change of changes) {
    if (change.kind !== 'ran') continue;
    for (const words of [change.command, change.undo ?? []]) {
      if (words.slice(1, 3).join(' ') !== verb) continue;
      const word = words.find((each) => each.startsWith(key));
      if (word !== undefined) return word.slice(key.length);
    }
  }
  return undefined;
}
