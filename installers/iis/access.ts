// Comes in: a site in IIS, and what applicationHost.config says of its place. Goes out: the commands by which its web.config counts
// and its visitors are known: locked sections freed for this place only, and who visitors are. Pure; part of `siteCommands`.
import type { IisFacts } from '../../src/lib/iis-facts.js';
import { configurationPath } from '../../src/lib/iis-place.js';
import { sectionState } from '../../src/lib/iis-sections.js';
import type { AdministratorCommand } from './administration.js';
import type { SiteRequest } from './site.js';
import { noSuchThing } from './appcmd.js';
import type { HostForm } from '../webconfig.js';

const authentication = 'system.webServer/security/authentication';

/** Sections first: a web.config that IIS refuses answers every request with 500.19. */
export function accessCommands(request: SiteRequest, facts: IisFacts): AdministratorCommand[] {
  const visitors = request.windowsAuthentication ? windowsVisitors : anybody;
  return [...unlocking(request, facts), ...visitors(request, facts)];
}

/** The sections that a site's web.config has, by its form: all of them must be free there. */
export function sectionsOf(form: HostForm): string[] {
  const own = { httpplatform: ['httpPlatform'], fastcgi: [], zoo: ['heliconZoo'] }[form];
  const all = ['handlers', ...own, 'httpErrors', 'security/requestFiltering', 'staticContent'];
  return all.map((name) => `system.webServer/${name}`);
}

/** Only what is locked, only for this place. */
function unlocking(
  { place, form, programs }: SiteRequest,
  { configuration }: IisFacts,
): AdministratorCommand[] {
  return sectionsOf(form).flatMap((section) => {
    const { locked, stated } = sectionState(configuration, section, place);
    if (!locked) return [];
    const about = [configurationPath(place), `-section:${section}`, '/commit:apphost'];
    return [
      {
        why: `web.config has '${section}': free for this place only, as locked as before everywhere else`,
        command: [programs.appcmd, 'unlock', 'config', ...about],
        undo: [programs.appcmd, stated ? 'lock' : 'clear', 'config', ...about],
        gone: noSuchThing,
      },
    ];
  });
}

function anybody(request: SiteRequest, facts: IisFacts): AdministratorCommand[] {
  return [
    authenticating(request, facts, {
      why: 'static files are opened as the pool, like the pages, not as IUSR, who may not read them',
      kind: 'anonymousAuthentication',
      values: { enabled: 'true', userName: '' },
    }),
  ];
}

function windowsVisitors(request: SiteRequest, facts: IisFacts): AdministratorCommand[] {
  return [
    authenticating(request, facts, {
      why: 'nobody is anonymous',
      kind: 'anonymousAuthentication',
      values: { enabled: 'false' },
    }),
    authenticating(request, facts, {
      why: 'visitors are known by their Windows account, as REMOTE_USER',
      kind: 'windowsAuthentication',
      values: { enabled: 'true' },
    }),
  ];
}

/** What IIS has as long as nobody says another. */
const usualAuthentication: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  anonymousAuthentication: { enabled: 'true', userName: 'IUSR' },
  windowsAuthentication: { enabled: 'false' },
};

/** In applicationHost.config, never in web.config: these sections are locked, and are to stay so. */
function authenticating(
  { place, programs }: SiteRequest,
  { configuration }: IisFacts,
  {
    why,
    kind,
    values,
  }: { readonly why: string; readonly kind: string; readonly values: Readonly<Record<string, string>> },
): AdministratorCommand {
  const section = `${authentication}/${kind}`;
  const { stated } = sectionState(configuration, section, place);
  const about = ['config', configurationPath(place), `-section:${section}`];
  const set = (all: Readonly<Record<string, string>>): string[] => [
    ...[programs.appcmd, 'set', ...about],
    ...Object.entries(all).map(([name, value]) => `/${name}:${value}`),
    '/commit:apphost',
  ];
  const before = Object.keys(values).map(
    (name) => [name, stated?.get(name) ?? usualAuthentication[kind]?.[name] ?? ''] as const,
  );
  return {
    why,
    command: set(values),
    undo: stated ? set(Object.fromEntries(before)) : [programs.appcmd, 'clear', ...about, '/commit:apphost'],
    gone: noSuchThing,
  };
}
