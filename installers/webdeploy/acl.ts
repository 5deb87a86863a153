// Comes in: a `setAcl` of a Web Deploy package. Goes out: the icacls command for it, or why there is none. Groups by SID: their
// names are in the language of Windows (https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers).
// Runs nothing.
import type { AdministratorCommand } from '../iis/administration.js';
import type { Provider } from './manifest.js';

/** By lower-case name without blanks; Web Deploy's own word for visitors without an account first. */
const knownAccounts: ReadonlyMap<string, string> = new Map([
  ['anonymousauthenticationuser', '*S-1-5-17'],
  ['iusr', '*S-1-5-17'],
  ['iis_iusrs', '*S-1-5-32-568'],
  ['everyone', '*S-1-1-0'],
  ['authenticatedusers', '*S-1-5-11'],
  ['users', '*S-1-5-32-545'],
  ['administrators', '*S-1-5-32-544'],
  ['system', '*S-1-5-18'],
  ['localservice', '*S-1-5-19'],
  ['networkservice', '*S-1-5-20'],
]);

/** .NET's FileSystemRights, lower case, to icacls' letters. */
const knownRights: ReadonlyMap<string, string> = new Map([
  ['read', 'R'],
  ['readandexecute', 'RX'],
  ['listdirectory', 'RX'],
  ['write', 'W'],
  ['modify', 'M'],
  ['delete', 'D'],
  ['fullcontrol', 'F'],
]);

/** No such file or folder (2, 3), no such account (1332): there is nothing to take back. */
const nothingThere = [2, 3, 1332];

/** The command that gives the rights; `pool` is the application's. A problem is the end of a sentence. */
export function aclCommand(
  provider: Provider,
  path: string,
  icacls: string,
  pool: string,
): AdministratorCommand | { readonly problem: string } {
  const { attributes } = provider;
  const account = accountOf(attributes.get('setacluser'), pool);
  const rights = rightsOf(attributes.get('setaclaccess') ?? 'Read');
  if (account === undefined)
    return { problem: `'${attributes.get('setacluser') ?? ''}' is no account that is known` };
  if (rights === undefined)
    return { problem: `'${attributes.get('setaclaccess') ?? ''}' are no rights that are known` };
  const isFile = attributes.get('setaclresourcetype')?.trim().toLowerCase() === 'file';
  return {
    why: 'the rights that the package asks for',
    command: [icacls, path, '/grant', `${account}:${isFile ? '' : '(OI)(CI)'}${rights}`, '/Q'],
    undo: [icacls, path, '/remove:g', account, '/Q'],
    gone: nothingThere,
  };
}

/** Without a user it is the pool's own account. */
function accountOf(user: string | undefined, pool: string): string | undefined {
  const name = user?.trim() ?? '';
  if (name === '') return `IIS AppPool\\${pool}`;
  const folded = name.toLowerCase().replace(/^(?:nt authority|builtin)\\|\s+/g, '');
  const known = knownAccounts.get(folded);
  if (known !== undefined) return known;
  return /^(?:[\w .-]+\\)?[\w .-]+\$?$/.test(name) ? name : undefined;
}

function rightsOf(text: string): string | undefined {
  const found = text.split(',').map((each) => knownRights.get(each.trim().toLowerCase()));
  const rights = [...new Set(found.flatMap((each) => each ?? []))];
  if (rights.length === 0 || found.includes(undefined)) return undefined;
  return rights.length === 1 ? rights[0] : `(${rights.join(',')})`;
}
