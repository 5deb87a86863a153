// The checks of `zookit doctor` on IIS: can this server run Python sites, and would it run this one, at its place. Comes
// in: facts. Goes out: verdicts, each bad one with the command that mends it. Asks nobody.
// What these answer to visitors, and why: 500.19 a locked or doubled section, 500.21 a module that is not there, 401.3 files
// that nobody may read, 502.3 and 503 a program that does not start.
import { win32 } from 'node:path';
import { applicationName, isSameFolder, isSameName } from '../../lib/iis-place.js';
import { sectionState } from '../../lib/iis-sections.js';
import { typedLine } from '../../lib/quote.js';
import type { Check, Verdict } from './check.js';
import { asWord, bad, note, ok } from './check.js';
import type { DoctorIisFacts } from './iis-facts.js';
import { fastCgiRegistration } from './fastcgi.js';

type Facts = DoctorIisFacts;

export const iisChecks: readonly Check<Facts>[] = [
  { id: 'iis', title: 'IIS', run: server },
  { id: 'iis-shared', title: 'Shared configuration', run: shared },
  { id: 'iis-module', title: 'Module for Python', run: module },
  { id: 'vc-runtime', title: 'Visual C++ runtime', run: vcRuntime },
  { id: 'iis-place', title: 'Application', run: application },
  { id: 'iis-pool', title: 'Pool', run: pool },
  { id: 'iis-profile', title: 'Place of the site', run: profile },
  { id: 'iis-sections', title: 'Sections of web.config', run: sections },
  { id: 'iis-reads', title: 'Rights to read', run: reads },
  { id: 'iis-writes', title: 'Rights to write', run: writes },
  { id: 'iis-python', title: 'Python of the site', run: program },
  { id: 'fastcgi', title: 'FastCGI program', run: fastCgiRegistration },
  { id: 'iis-static', title: 'Visitors of static files', run: visitors },
];

function server({ version, iis, trouble, place }: Facts): Verdict {
  const install = 'Install it: `zookit install PythonHostingPackage`';
  if (version === undefined)
    return place ? bad('it is not on this machine', install) : note('it is not on this machine', install);
  if (trouble !== undefined)
    return bad(`${version}, which says nothing: ${trouble}`, 'Run the command as administrator');
  return ok(`${version}, ${iis?.sites.length ?? 0} sites`);
}

function shared({ iis }: Facts): Verdict | undefined {
  if (iis?.sharedAt === undefined) return undefined;
  return note(
    `it lies in '${iis.sharedAt}', and other servers read it too`,
    'Make changes on the server that keeps it',
  );
}

const modules = {
  httpplatform: { name: 'httpPlatformHandler', file: 'httpplatformhandler.dll' },
  fastcgi: { name: 'FastCgiModule', file: 'iisfcgi.dll' },
} as const;

function hasModule({ iis, moduleFiles }: Facts, form: keyof typeof modules): boolean {
  const { name, file } = modules[form];
  const isOn = iis?.modules.some((each) => each.toLowerCase().replace(/v\d+$/, '') === name.toLowerCase());
  return isOn === true && moduleFiles.has(file);
}

function module(facts: Facts): Verdict | undefined {
  if (!facts.iis) return undefined;
  const form = facts.site?.config?.form;
  if (form === 'zoo') return zooModule(facts);
  const there = (['httpplatform', 'fastcgi'] as const).filter((each) => hasModule(facts, each));
  const names = there.map((each) => modules[each].name).join(' and ');
  if (form === 'httpplatform' || form === 'fastcgi') {
    if (there.includes(form)) return ok(modules[form].name);
    const product = form === 'httpplatform' ? 'HttpPlatformHandler' : 'IISFeatures';
    return bad(
      `${modules[form].name} is missing: IIS answers 500.21`,
      `Install it: \`zookit install ${product}\``,
    );
  }
  return there.length > 0
    ? ok(names)
    : bad(
        'neither httpPlatformHandler nor FastCgiModule is on',
        'Install them: `zookit install PythonHostingPackage`',
      );
}

/** The zoo form needs Helicon's own module, which nobody offers any more (field note 15). */
function zooModule({ iis, site }: Facts): Verdict {
  if (iis?.modules.some((name) => /^heliconzoo/i.test(name)) === true) return ok('HeliconZoo');
  return bad(
    "Helicon Zoo's module is missing: IIS answers 500.21 to its handlers",
    `Run the site with \`zookit serve ${asWord(site?.directory ?? 'DIR')}\`, or make its web.config in the form httpplatform`,
  );
}

function vcRuntime({ vcRuntime: version }: Facts): Verdict {
  return version === undefined
    ? note('not here; pyodbc and others need it', 'Install it: `zookit install VCRuntime`')
    : ok(version);
}

function applicationOf({
  iis,
  place,
}: Facts): { readonly pool: string; readonly folder: string } | undefined {
  return place && iis?.applications.find(({ name }) => isSameName(name, applicationName(place)));
}

function application(facts: Facts): Verdict | undefined {
  const { iis, place, site, appcmd } = facts;
  if (!iis || !site) return undefined;
  if (!place)
    return note(
      `no application of IIS has the folder '${site.directory}'`,
      'If it is to be one, name it: `zookit doctor DIR --iis "SITE/APP"`',
    );
  const name = applicationName(place);
  const found = applicationOf(facts);
  if (!found) {
    const words = ['add', 'app', `/site.name:${place.site}`, `/path:${place.path}`];
    const line = typedLine([appcmd, ...words, `/physicalPath:${site.directory}`], true);
    return bad(`IIS has no application '${name}'`, `Add it: \`${line}\``);
  }
  if (isSameFolder(found.folder, site.directory)) return ok(`${name} in the pool '${found.pool}'`);
  const line = typedLine(
    [appcmd, 'set', 'vdir', name.endsWith('/') ? name : `${name}/`, `/physicalPath:${site.directory}`],
    true,
  );
  return bad(`'${name}' has the folder '${found.folder}'`, `Give it the site's: \`${line}\``);
}

/** Processes of FastCGI are known by their command line and shared in a pool: site B can get A's code (field note 23). */
function pool(facts: Facts): Verdict | undefined {
  const found = applicationOf(facts);
  if (!found || !facts.iis || !facts.place) return undefined;
  const own = applicationName(facts.place);
  const others = facts.iis.applications
    .filter(({ name, pool: each }) => isSameName(each, found.pool) && !isSameName(name, own))
    .map(({ name }) => name);
  if (others.length === 0) return ok(`'${found.pool}', of this site only`);
  const sentence = `'${found.pool}' is shared with ${others.slice(0, 3).join(', ')}`;
  const line = typedLine([facts.appcmd, 'set', 'app', own, '/applicationPool:POOL'], true);
  const hint = `Give it a pool of its own: \`${line}\``;
  return facts.site?.config?.form === 'fastcgi' ? bad(sentence, hint) : note(sentence, hint);
}

function profile({ iis, site }: Facts): Verdict | undefined {
  const folded = (path: string): string => win32.normalize(path).toLowerCase();
  if (!iis || !site || !folded(site.directory).startsWith(`${folded(iis.profiles)}\\`)) return undefined;
  return bad(
    `'${site.directory}' lies in a user's profile, which no pool can read`,
    `Move it, for example to 'C:\\inetpub', and run \`zookit deploy\` there`,
  );
}

function sections({ iis, place, site, handlersTrouble, appcmd }: Facts): Verdict | undefined {
  if (!iis || !place || !site?.config) return undefined;
  const form = site.config.form;
  const own = { httpplatform: ['httpPlatform'], fastcgi: [], zoo: ['heliconZoo'], none: [] }[form];
  const names = ['handlers', ...own, 'httpErrors', 'security/requestFiltering'];
  const locked = names
    .map((name) => `system.webServer/${name}`)
    .filter((name) => sectionState(iis.configuration, name, place).locked);
  const [first] = locked;
  const unlock = typedLine(
    [appcmd, 'unlock', 'config', applicationName(place), `-section:${first ?? ''}`, '/commit:apphost'],
    true,
  );
  if (first !== undefined)
    return bad(
      `${locked.join(', ')} may not stand in it: IIS answers 500.19`,
      `Free it for this place: \`${unlock}\``,
    );
  if (handlersTrouble === undefined) return ok('free at this place');
  return bad(handlersTrouble, `Mend '${win32.join(site.directory, 'web.config')}' where it says`);
}

function reads(facts: Facts): Verdict | undefined {
  const { readable, icacls } = facts;
  const found = applicationOf(facts);
  if (!found || readable.length === 0) return undefined;
  const closed = readable.filter(({ allowed }) => !allowed).map(({ path }) => path);
  const [first] = closed;
  if (first === undefined) return ok(`the pool '${found.pool}' reads ${readable.length} folders`);
  const line = typedLine([icacls, first, '/grant', `IIS AppPool\\${found.pool}:(OI)(CI)RX`], true);
  const list = closed.map((path) => `'${path}'`).join(', ');
  return bad(`no entry lets the pool '${found.pool}' read ${list}`, `Let it: \`${line}\``);
}

function writes(facts: Facts): Verdict | undefined {
  const { writable, icacls } = facts;
  const found = applicationOf(facts);
  if (!found || writable.length === 0) return undefined;
  const closed = writable.filter(({ allowed }) => !allowed).map(({ path }) => path);
  const [first] = closed;
  if (first === undefined) return ok(writable.map(({ path }) => win32.basename(path)).join(' and '));
  const line = typedLine([icacls, first, '/grant', `IIS AppPool\\${found.pool}:(OI)(CI)M`], true);
  const list = closed.map((path) => `'${path}'`).join(', ');
  return bad(`the pool '${found.pool}' may not write ${list}`, `Let it: \`${line}\``);
}

function program({ program: found }: Facts): Verdict | undefined {
  if (!found) return undefined;
  if (found.trouble === undefined) return ok(found.path);
  const minor = /[\\/]python[\\/](\d+\.\d+)[\\/]/i.exec(found.path)?.[1];
  return bad(
    `'${found.path}' does not run: ${found.trouble}`,
    `Install it: \`zookit install ${minor === undefined ? 'Python' : `Python@${minor}`}\``,
  );
}

/** Files are opened as IUSR unless the pool is to do it: pages work, their CSS gives 401.3 (field note 10). */
function visitors({ iis, place, appcmd }: Facts): Verdict | undefined {
  if (!iis || !place || iis.configuration === '') return undefined;
  const section = 'system.webServer/security/authentication/anonymousAuthentication';
  const { stated } = sectionState(iis.configuration, section, place);
  if (stated?.get('enabled') === 'false') return ok('nobody is anonymous');
  if (stated?.get('userName') === '') return ok('the pool itself');
  const words = [
    'set',
    'config',
    applicationName(place),
    `-section:${section}`,
    '/userName:',
    '/commit:apphost',
  ];
  return note(
    'IUSR, who may not read what only the pool may: 401.3 for CSS and pictures',
    `Let the pool open them: \`${typedLine([appcmd, ...words], true)}\``,
  );
}
