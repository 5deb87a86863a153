// Comes in: what an administrator types of a site in IIS: `Default Web Site/shop`, a pool's name, a binding. Goes out: the same
// as values that a command line may hold, or USAGE in words. Knows the rules of names; asks no server.
import { win32 } from 'node:path';
import { AppError } from '../errors.js';
import type { Place } from '../types.js';

/** An application of IIS: a path below a site; `/` is the site itself. */
export interface SitePlace {
  readonly site: string;
  /** `/shop`, `/team/shop`, or `/`. */
  readonly path: string;
}

/** One address that a site answers to, as appcmd writes it: `http/*:8080:shop.example.com`. */
export interface Binding {
  readonly protocol: string;
  /** `*` or an address of this machine. */
  readonly address: string;
  readonly port: number;
  /** Empty: any name. */
  readonly host: string;
}

const prefix = 'IIS:';

/** How plan and journal name the place: `IIS:Default Web Site/shop`. */
export function iisPlace(place: SitePlace): Place {
  return prefix + configurationPath(place);
}

/** The site of a place of plan or journal; undefined for a folder or the machine. */
export function siteOfPlace(place: Place): SitePlace | undefined {
  return place.startsWith(prefix) ? parseSitePlace(place.slice(prefix.length)) : undefined;
}

/** As IIS's configuration names the place: `Default Web Site/shop`, and `Shop` for a site itself. */
export function configurationPath(place: SitePlace): string {
  return applicationName(place).replace(/\/$/, '');
}

/** As appcmd names applications: `Default Web Site/shop`, and `Shop/` for a site itself. */
export function applicationName({ site, path }: SitePlace): string {
  return site + path;
}

/** IIS's own names are the same in any case. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Reads `SITE/APP`, or `SITE` for a site of its own; throws USAGE. */
export function parseSitePlace(text: string): SitePlace {
  const [site = '', ...names] = text.split('/').map((name) => name.trim());
  const path = names.filter((name, index) => name !== '' || index < names.length - 1);
  for (const name of [site, ...path]) refuseName(name, `'${text}' cannot be a site in IIS`);
  return { site, path: `/${path.join('/')}` };
}

/** The pool of its own that a site gets when nobody names one: `shop`, `team-shop`. */
export function usualPool({ site, path }: SitePlace): string {
  return path === '/' ? site : path.slice(1).replaceAll('/', '-');
}

/** Throws USAGE for what cannot be the name of an application pool; 64 letters are IIS's limit. */
export function checkPool(name: string): string {
  refuseName(name, `'${name}' cannot be the name of an application pool`);
  if (name.length <= 64 && !name.includes('/')) return name;
  throw new AppError('USAGE', `'${name}' cannot be the name of an application pool`, {
    details: ['Wanted at most 64 letters, without `/`'],
    hint: 'For example `--pool shop`',
  });
}

/**
 * A name that enters command lines, appcmd's own `[name='...']` and paths of configuration: no quotes of either kind, no control
 * characters, nothing that IIS refuses itself.
 */
function refuseName(name: string, message: string): void {
  if (name !== '' && !/["'\p{Cc}\\:*?<>|&%[\],=;@+]/u.test(name) && !/^\.|\.$/.test(name)) return;
  throw new AppError('USAGE', message, {
    details: [`Found '${name}'`, 'Wanted letters, digits, blanks, `-`, `_` and `.`'],
    hint: 'For example `--iis "Default Web Site/shop"`',
  });
}

const bindingShape = /^(https?)\/(\*|[0-9.]+|\[[0-9a-f:.]+\]):(\d{1,5}):([a-z0-9*.-]*)$/i;

/** Reads `http/*:8080:shop.example.com`; throws USAGE. Kinds of bindings that no browser opens are none. */
export function parseBinding(text: string): Binding {
  const [, protocol = '', address = '', port = '', host = ''] = bindingShape.exec(text) ?? [];
  const number = Number(port);
  if (protocol !== '' && number > 0 && number <= 65_535)
    return { protocol: protocol.toLowerCase(), address, port: number, host };
  throw new AppError('USAGE', `'${text}' is not a binding`, {
    details: ['Wanted PROTOCOL/ADDRESS:PORT:HOST, where `*` is any address and HOST may be empty'],
    hint: 'For example `--binding http/*:8080:shop.example.com`',
  });
}

export function bindingText({ protocol, address, port, host }: Binding): string {
  return `${protocol}/${address}:${port}:${host}`;
}

/** Where a browser finds the application; undefined for a site that nobody can open. Plain http comes first. */
export function addressOf(bindings: readonly string[], path: string): string | undefined {
  const readable = bindings.filter((each) => bindingShape.test(each)).map(parseBinding);
  const binding = readable.find(({ protocol }) => protocol === 'http') ?? readable[0];
  if (!binding) return undefined;
  const { protocol, address, port, host } = binding;
  const name = host !== '' && !host.includes('*') ? host : address === '*' ? 'localhost' : address;
  const usual = port === (protocol === 'https' ? 443 : 80);
  const way = path === '/' ? '/' : `${encodeURI(path)}/`;
  return `${protocol}://${name}${usual ? '' : `:${port}`}${way}`;
}

/** Throws SITE_INVALID for a folder in `profiles`, where users' own folders lie: no pool can read those. */
export function refuseProfile(folder: string, profiles: string): void {
  if (!folded(folder).startsWith(`${folded(profiles)}\\`)) return;
  throw new AppError('SITE_INVALID', `No application pool can read '${folder}'`, {
    details: [`It lies in '${profiles}', the place of users' own folders`],
    hint: 'Make the project elsewhere, for example in `C:\\sites\\shop`',
  });
}

/** Whether two paths of Windows are the same folder by name. */
export function isSameFolder(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function folded(path: string): string {
  return win32.normalize(path).replace(/\\+$/, '').toLowerCase();
}
