// Comes in: `--iis "SITE/APP"` and what belongs to it. Goes out: the product that makes the site, its place and its answers; and
// afterwards the site's address. Refuses what no server would take, before anything is asked or fetched.
import type { Options } from '../command.js';
import { text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import type { StepKey } from '../install/journal.js';
import { openInBrowser } from '../lib/browser.js';
import { askSites, profilesFolder } from '../lib/iis-facts.js';
import {
  addressOf,
  checkPool,
  iisPlace,
  isSameName,
  parseBinding,
  parseSitePlace,
  refuseProfile,
  siteOfPlace,
} from '../lib/iis-place.js';
import type { Catalog, Place, Platform } from '../types.js';
import { answersFor } from './answers.js';
import { findProduct } from '../lib/find-product.js';

/** The forms of web.config that a site of ours can have. */
export const hostForms = ['httpplatform', 'fastcgi', 'zoo'];

export const iisOptions = {
  iis: text('SITE/APP', 'make it an application of this site in IIS, for example "Default Web Site/shop"'),
  pool: text('NAME', 'with --iis: the name of its application pool'),
  binding: text('BINDING', 'with --iis SITE: make this site, for example http/*:8080:shop.example.com'),
  auth: text('KIND', 'with --iis: `windows` knows visitors by their Windows account'),
};

/** The product of the feed that makes a site in IIS of a project. */
export const iisProduct = 'IISApplication';

export interface IisWish {
  readonly place: Place;
  /** Answers to the product's questions, by lower-case name. */
  readonly given: ReadonlyMap<string, string>;
  /** The form of web.config that it takes for granted. */
  readonly form?: string;
}

/** What `--iis` asks for; undefined without it. Throws USAGE, NO_INSTALLER or SITE_INVALID. */
export function iisWish(context: Context, options: Options, project?: string): IisWish | undefined {
  const site = textOption(options, 'iis');
  if (site === undefined) {
    refuseAlone(options);
    return undefined;
  }
  const place = parseSitePlace(site);
  refuseElsewhere(context, site);
  if (context.thisMachine && project !== undefined) refuseProfile(project, profilesFolder(context.variables));
  const windows = windowsVisitors(options);
  const pool = textOption(options, 'pool');
  const binding = textOption(options, 'binding');
  if (pool !== undefined) checkPool(pool);
  if (binding !== undefined) parseBinding(binding);
  return {
    place: iisPlace(place),
    given: new Map([
      ...(pool === undefined ? [] : [['iispool', pool] as const]),
      ...(binding === undefined ? [] : [['iisbinding', binding] as const]),
      ...(windows ? [['iisauthentication', 'windows'] as const] : []),
    ]),
    ...(windows ? { form: windowsForm(options) } : {}),
  };
}

function refuseAlone(options: Options): void {
  const alone = ['pool', 'binding', 'auth'].find((name) => textOption(options, name) !== undefined);
  if (alone === undefined) return;
  throw new AppError('USAGE', `\`--${alone}\` says something about a site in IIS, and none is named`, {
    hint: 'Name it with `--iis "Default Web Site/shop"`',
  });
}

function refuseElsewhere({ platform }: Context, site: string): void {
  if (platform.os === 'windows') return;
  throw new AppError('NO_INSTALLER', `'${site}' cannot be made here: IIS is a part of Windows`, {
    details: [`This is ${platform.os}-${platform.arch}`],
    hint: `See what Windows would do: \`zookit plan DjangoProject --iis "${site}" --platform windows-x64\``,
  });
}

function windowsVisitors(options: Options): boolean {
  const kind = textOption(options, 'auth')?.toLowerCase();
  if (kind === undefined || kind === 'anonymous') return false;
  if (kind === 'windows') return true;
  throw new AppError('USAGE', `'${kind}' is no way to know visitors`, {
    details: ['Wanted `windows` or `anonymous`'],
    hint: 'For example `--auth windows`',
  });
}

/** Only IIS's own FastCGI tells the worker who a visitor is. */
function windowsForm(options: Options): string {
  const form = textOption(options, 'host')?.toLowerCase() ?? 'fastcgi';
  if (form === 'fastcgi') return form;
  throw new AppError('USAGE', `Windows accounts of visitors do not reach a site of the form '${form}'`, {
    hint: 'Leave `--host` out, or say `--host fastcgi`',
  });
}

/** The answers to the questions of the product that makes the site; what it shares with the template is answered there. */
export async function siteAnswers(
  context: Context,
  catalog: Catalog,
  wish: IisWish | undefined,
  template: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!wish) return undefined;
  const entry = findProduct(catalog, iisProduct)?.entries[0];
  if (!entry) {
    throw new AppError(
      'PRODUCT_UNKNOWN',
      `No feed has the product '${iisProduct}', which makes sites in IIS`,
      {
        hint: 'Leave `--main-feed` out: the built-in feed has it',
      },
    );
  }
  const shared = [...template].filter(([name]) =>
    entry.parameters.some((parameter) => parameter.name.toLowerCase() === name.toLowerCase()),
  );
  const given = new Map([
    ...shared.map(([name, value]) => [name.toLowerCase(), value] as const),
    ...wish.given,
  ]);
  return answersFor(entry, { given, ask: false }, context);
}

/** Where a browser finds the site now; undefined when its bindings say nothing. */
export async function siteAddress(
  { run, variables }: Pick<Context, 'run' | 'variables'>,
  place: Place,
): Promise<string | undefined> {
  const wanted = siteOfPlace(place);
  if (!wanted) return undefined;
  const site = (await askSites({ run, variables })).find(({ name }) => isSameName(name, wanted.site));
  return addressOf(site?.bindings ?? [], wanted.path);
}

/** Prints the address, and opens it when asked for and there is somebody to see it: Server Core has no browser. */
export async function showSite(
  { terminal, run }: Pick<Context, 'terminal' | 'run'>,
  { core }: Platform,
  address: string,
  open: boolean,
): Promise<void> {
  if (!terminal.json) terminal.print(address);
  if (open && core !== true) await openInBrowser(address, run);
}

/**
 * What Zookit has installed at a site, named in any case; throws PRODUCT_UNKNOWN when that is nothing, unless it was taken
 * away just now (what a killed run was at).
 */
export function installedAt(
  site: string,
  everywhere: readonly Installed[],
  takenAway: readonly StepKey[],
): Installed[] {
  const place = iisPlace(parseSitePlace(site));
  const here = everywhere.filter((each) => isSameName(each.place, place));
  if (here.length > 0 || takenAway.some((each) => isSameName(each.place, place))) return here;
  const sites = everywhere.filter((each) => siteOfPlace(each.place)).map((each) => each.place.slice(4));
  throw new AppError('PRODUCT_UNKNOWN', `Zookit has made no site '${place.slice(4)}' in IIS`, {
    details: [sites.length > 0 ? `It has made ${sites.join(', ')}` : 'It has made none'],
    hint: 'Name it as it was named: `--iis "SITE/APP"`',
  });
}
