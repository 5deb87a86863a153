// Comes in: a site that somebody wants in IIS, and what IIS has. Goes out: nothing, or why it is not to be: another's pool or
// application, a folder that no pool can read, a configuration that other servers share. Changes and asks nothing.
import { AppError } from '../../src/errors.js';
import type { IisFacts } from '../../src/lib/iis-facts.js';
import {
  addressOf,
  applicationName,
  isSameFolder,
  isSameName,
  refuseProfile,
} from '../../src/lib/iis-place.js';
import type { SiteRequest } from './site.js';
import { ownerVariable } from './site.js';

/** Throws USAGE, SITE_INVALID or INSTALLER_FAILED; nothing is changed then. */
export function refuseSite(request: SiteRequest, facts: IisFacts): void {
  if (request.sharedConfiguration !== true) refuseShared(facts);
  refuseProfile(request.folder, facts.profiles);
  refuseForm(request, facts);
  refusePool(request, facts);
  if (facts.sites.some(({ name }) => isSameName(name, request.place.site))) refuseOnSite(request, facts);
  else refuseNewSite(request, facts);
}

/** Throws INSTALLER_FAILED where a change would be one for other servers too. */
export function refuseShared({ sharedAt }: IisFacts): void {
  if (sharedAt === undefined) return;
  throw new AppError('INSTALLER_FAILED', 'IIS shares its configuration with other servers', {
    details: [`It lies in '${sharedAt}' (redirection.config): a change here would be one for all of them`],
    hint: 'If that is what you want, run the same command with `--shared-configuration`',
  });
}

/** The module behind each form, and the command that brings it. */
const modules = {
  httpplatform: [
    'httpPlatformHandler',
    '`zookit install HttpPlatformHandler`, or make it with `--host fastcgi`',
  ],
  fastcgi: ['FastCgiModule', '`zookit install PythonHostingPackage`'],
  zoo: ['HeliconZoo_x64', 'Make it with `--host httpplatform`: nobody offers that module any more'],
} as const;

function refuseForm(request: SiteRequest, facts: IisFacts): void {
  const { form, windowsAuthentication } = request;
  if (windowsAuthentication && form !== 'fastcgi') {
    throw new AppError('USAGE', `Windows accounts of visitors do not reach a site of the form '${form}'`, {
      hint: 'Make it with `--host fastcgi --auth windows`',
    });
  }
  const has = (wanted: string): boolean => facts.modules.some((name) => isSameName(name, wanted));
  const [module, hint] = modules[form];
  if (!has(module)) throw noModule(module, `web.config of the form '${form}'`, hint);
  if (windowsAuthentication && !has('WindowsAuthenticationModule')) {
    const feature = 'dism /online /enable-feature /featurename:IIS-WindowsAuthentication';
    throw noModule('WindowsAuthenticationModule', '`--auth windows`', `\`${feature}\``);
  }
}

function noModule(module: string, purpose: string, hint: string): AppError {
  return new AppError('INSTALLER_FAILED', `IIS has no module '${module}'`, {
    details: [`${purpose} needs it`],
    hint,
  });
}

function refusePool({ pool, place }: SiteRequest, { pools, applications }: IisFacts): void {
  const found = pools.find(({ name }) => isSameName(name, pool));
  if (!found) return;
  const own = applicationName(place);
  if (isSameName(found.variables.get(ownerVariable) ?? '', own)) return;
  const users = applications.filter((each) => isSameName(each.pool, pool)).map(({ name }) => name);
  throw new AppError(
    'USAGE',
    `The application pool '${pool}' is there already and belongs to somebody else`,
    {
      details: [users.length === 0 ? 'Nothing runs in it' : `It runs ${users.join(', ')}`],
      hint: `Name another one, which is made: \`--pool ${pool}-site\``,
    },
  );
}

/** Below a site that is there: the path must be free, or ours. */
function refuseOnSite({ place, folder, pool, binding }: SiteRequest, facts: IisFacts): void {
  const site = facts.sites.find(({ name }) => isSameName(name, place.site));
  if (binding !== undefined && !site?.bindings.some((each) => isSameName(each, binding))) {
    throw new AppError('USAGE', `The site '${place.site}' is there already, with other bindings`, {
      details: [`Found ${site?.bindings.join(', ') ?? ''}`],
      hint: 'Leave `--binding` out, or name a site that is not there yet',
    });
  }
  const name = applicationName(place);
  const found = facts.applications.find((each) => isSameName(each.name, name));
  if (!found || (isSameFolder(found.folder, folder) && isSameName(found.pool, pool))) return;
  const address = addressOf(site?.bindings ?? [], place.path);
  throw new AppError('USAGE', `'${name}' is there already and is another application`, {
    details: [
      `It is '${found.folder}' in the pool '${found.pool}'`,
      ...(address === undefined ? [] : [`Its address is ${address}`]),
    ],
    hint: 'Choose another name: `--iis "SITE/OTHER"`',
  });
}

/** A site that is to be made: it needs an address of its own, and the project is all of it. */
function refuseNewSite({ place, binding }: SiteRequest, { sites }: IisFacts): void {
  if (binding === undefined) {
    throw new AppError('USAGE', `IIS has no site '${place.site}'`, {
      details: [sites.length === 0 ? 'It has none' : `It has ${sites.map(({ name }) => name).join(', ')}`],
      hint: `Name one of them, or make this one: \`--iis "${place.site}" --binding http/*:8080:\``,
    });
  }
  if (place.path !== '/') {
    throw new AppError(
      'USAGE',
      `The site '${place.site}' is not there yet: the project can be all of it only`,
      {
        hint: `\`--iis "${place.site}" --binding ${binding}\``,
      },
    );
  }
  const other = sites.find(({ bindings }) => bindings.some((each) => isSameName(each, binding)));
  if (!other) return;
  throw new AppError('USAGE', `The binding '${binding}' is that of the site '${other.name}'`, {
    hint: `Choose another port or host, or put the project below it: \`--iis "${other.name}/NAME"\``,
  });
}
