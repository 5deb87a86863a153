// The checks of `zookit doctor DIR` on a site: would it run, here and under IIS. Comes in: facts. Goes out: verdicts, each
// bad one with the command that mends it. Asks nobody.
import { join } from 'node:path';
import type { Check, Verdict } from './check.js';
import { asWord, bad, note, ok } from './check.js';
import type { SiteFacts } from './site-facts.js';

export const siteChecks: readonly Check<SiteFacts>[] = [
  { id: 'site', title: 'web.config', run: webConfig },
  { id: 'variables', title: 'Variables', run: variables },
  { id: 'environment', title: 'Environment', run: environment },
  { id: 'environment-place', title: 'Place of the environment', run: place },
  { id: 'hosting-python', title: 'Python of the web server', run: hostingPython },
  { id: 'requirements', title: 'requirements.txt', run: requirements },
  { id: 'application', title: 'Application', run: application },
  { id: 'debug', title: 'DEBUG', run: debug },
  { id: 'database', title: 'Database', run: database },
  { id: 'deploy', title: 'Deploy', run: deploy },
  { id: 'folders', title: 'Folders', run: folders },
  { id: 'static', title: 'Static files', run: staticFiles },
  { id: 'secrets', title: 'Secrets', run: secrets },
  { id: 'request-limits', title: 'Limits of requests', run: requestLimits },
  { id: 'deployment-checks', title: 'Deployment checks', run: deploymentChecks },
];

function deployCommand({ directory }: SiteFacts): string {
  return `\`zookit deploy ${asWord(directory)}\``;
}

function webConfig({ trouble, config }: SiteFacts): Verdict {
  if (trouble) return bad(trouble.message, trouble.hint ?? 'Mend the file where it says');
  return ok(`the form ${config?.form ?? 'none'}`);
}

function variables({ config, variables: values, missing, shellVariables }: SiteFacts): Verdict | undefined {
  if (!config) return undefined;
  const entry = values['DJANGO_SETTINGS_MODULE'] ?? values['WSGI_APP'];
  if (entry === undefined)
    return bad(
      'neither DJANGO_SETTINGS_MODULE nor WSGI_APP is set',
      'Add one to web.config, for example `<environmentVariable name="WSGI_APP" value="wsgi.application" />`',
    );
  if (missing.length > 0)
    return bad(
      `${entry} is named, and there is no ${missing.join(', ')}`,
      'Name the right one in web.config',
    );
  if (shellVariables.length > 0)
    return note(
      `${entry}; ${shellVariables.join(', ')} of this shell change it too`,
      'A web server does not see them: put them into web.config, or into the pool',
    );
  return ok(entry);
}

function environment(facts: SiteFacts): Verdict | undefined {
  const { environment: found } = facts;
  if (!found) return undefined;
  if (!found.there)
    return found.requirements.asked === 0
      ? ok('none of its own; requirements.txt asks for nothing')
      : bad(`'${found.directory}' is no environment`, `Make it: ${deployCommand(facts)}`);
  if (found.trouble !== undefined) return bad(found.trouble, `Make it anew: ${deployCommand(facts)}`);
  return ok(`Python ${found.python?.version ?? ''}`);
}

/** Environments cannot be moved: their scripts would start what lies in the old place, or nothing. */
function place(facts: SiteFacts): Verdict | undefined {
  const { environment: found } = facts;
  if (!found?.there || found.trouble !== undefined) return undefined;
  if (found.madeIn === undefined) return ok('where it was made');
  return bad(
    `made in '${found.madeIn}': it was copied or moved, and its scripts name that folder`,
    `Remove '${found.directory}', then make it anew: ${deployCommand(facts)}`,
  );
}

/** Our own Pythons have a folder for each minor version, and a worker enters environments of its own minor only. */
function hostingPython({ config, environment: found, windows }: SiteFacts): Verdict | undefined {
  const named =
    /[\\/]python[\\/](\d+\.\d+)[\\/]python/i.exec(config?.process?.program ?? '')?.[1] ??
    /^python\.(\d+\.\d+)\b/.exec(config?.engine ?? '')?.[1];
  const version = found?.python?.version;
  if (named === undefined || version === undefined) return undefined;
  if (version.startsWith(`${named}.`)) return ok(named);
  const sentence = `web.config names ${named}, the environment is of ${version}`;
  const hint = `On a Windows server make the environment with ${named}, or name ${version.replace(/\.\d+$/, '')} in web.config`;
  return windows ? bad(sentence, hint) : note(`${sentence}; only IIS minds`, hint);
}

function requirements(facts: SiteFacts): Verdict | undefined {
  const found = facts.environment?.requirements;
  if (!facts.environment?.there || found === undefined || found.asked === 0) return undefined;
  const [first] = found.unmet;
  if (first === undefined) return ok(`all ${found.asked} are there`);
  return bad(`not met: ${found.unmet.slice(0, 5).join(', ')}`, `Bring them: ${deployCommand(facts)}`);
}

function application({ application: found, directory }: SiteFacts): Verdict | undefined {
  if (!found) return undefined;
  const python = `zookit python --env ${asWord(directory)}`;
  if (found.trouble !== undefined)
    return bad(
      `it does not start: ${found.trouble}`,
      `See it whole: \`${python} ${found.django === undefined ? '-c "import wsgi"' : 'manage.py check'}\``,
    );
  if (found.complaints.length > 0)
    return bad(found.complaints.slice(0, 3).join('; '), `See them: \`${python} manage.py check\``);
  return ok(found.django === undefined ? 'it can be imported' : `Django ${found.django}`);
}

function database(facts: SiteFacts): Verdict | undefined {
  const found = facts.application?.database;
  if (!found) return undefined;
  const { label, trouble, waiting } = found;
  if (trouble !== undefined) {
    const isFile = label.includes('sqlite');
    return bad(
      `${label} cannot be used: ${trouble}`,
      isFile
        ? `Make it: ${deployCommand(facts)}`
        : `Mend '${join(facts.directory, 'data', 'site.json')}' or the server, then ${deployCommand(facts)}`,
    );
  }
  if (waiting > 0) return note(`${label}; ${waiting} migrations wait`, `Apply them: ${deployCommand(facts)}`);
  return ok(label);
}

function deploy(facts: SiteFacts): Verdict | undefined {
  const { deploy: found } = facts;
  if (!found) return undefined;
  const { record, script, lastLines } = found;
  if (script === undefined) return note('there is no deploy.py', 'Packages and database are yours to bring');
  const again = `Run it: ${deployCommand(facts)}`;
  if (!record) return note('not deployed yet', again);
  const words = lastLines.at(-1);
  if (record.status !== 0)
    return bad(
      `failed with ${record.status} at ${record.time}${words === undefined ? '' : `: ${words.trim()}`}`,
      `Mend what log/deploy.log says, then ${deployCommand(facts)}`,
    );
  if (record.current) return ok(`done at ${record.time}`);
  return note(`done at ${record.time} on '${record.machine}', for another script or machine`, again);
}

function folders(facts: SiteFacts): Verdict | undefined {
  const { folders: found, directory } = facts;
  if (found.length === 0) return undefined;
  const locked = found.filter(({ state }) => state === 'read-only').map(({ name }) => name);
  if (locked.length > 0)
    return bad(
      `${locked.join(' and ')} cannot be written by you`,
      facts.windows
        ? `Give the right: \`icacls ${asWord(join(directory, locked[0] ?? ''))} /grant "%USERNAME%:(OI)(CI)M"\``
        : `Give the right: \`chmod u+rwx ${locked.map((name) => asWord(join(directory, name))).join(' ')}\`, or run the site as their owner`,
    );
  const absent = found.filter(({ state }) => state === 'absent').map(({ name }) => name);
  if (absent.length > 0) return note(`no ${absent.join(', no ')} yet`, `Make them: ${deployCommand(facts)}`);
  return ok(`${found.map(({ name }) => name).join(' and ')} can be written`);
}

function staticFiles(facts: SiteFacts): Verdict | undefined {
  const { unserved, application: found, config } = facts;
  if (!config) return undefined;
  if (unserved.length > 0)
    return bad(
      `the web.config of ${unserved.join(' and ')} does not take the handler away: their files never reach the visitor`,
      `Write it again: ${deployCommand(facts)}`,
    );
  const root = found?.staticRoot;
  if (root?.files === 0) return bad(`'${root.path}' is empty`, `Collect them: ${deployCommand(facts)}`);
  return root === undefined ? undefined : ok(`${root.files} files in '${root.path}'`);
}

function secrets({ openSecrets, directory, config, windows }: SiteFacts): Verdict | undefined {
  if (!config || windows) return undefined;
  if (openSecrets.length === 0) return ok('closed to other users');
  const list = openSecrets.map(({ path, mode }) => `'${path}' (mode ${mode.toString(8)})`).join(', ');
  const inData = openSecrets.some(({ path }) => path.startsWith(join(directory, 'data')));
  const target = inData ? join(directory, 'data') : join(directory, '.env');
  return bad(`every user can read ${list}`, `Close it: \`chmod o-rwx ${asWord(target)}\``);
}

/** What IIS answers when a request passes what it allows (field note 13). */
function requestLimits({ config, allowsDoubleEscaping, hidesBin }: SiteFacts): Verdict | undefined {
  if (!config || config.form === 'none') return undefined;
  const { maxAllowedContentLength, maxQueryString, maxUrl } = config.limits;
  const low = [
    ...(maxAllowedContentLength <= 30_000_000 ? ['404.13 for uploads over 30 MB'] : []),
    ...(maxQueryString <= 2048 ? ['404.15 for queries over 2,048 characters (OAuth)'] : []),
    ...(maxUrl < 4096 ? [`404.14 for addresses over ${maxUrl} characters`] : []),
    ...(allowsDoubleEscaping ? [] : ['404.11 for a + in addresses']),
    ...(hidesBin ? ['404.8 for /bin/'] : []),
  ];
  if (low.length === 0) return ok('wide enough');
  return note(
    `IIS answers ${low.join(', ')}`,
    'Raise them in web.config: <requestFiltering allowDoubleEscaping="true"><requestLimits maxAllowedContentLength="104857600" maxUrl="4096" maxQueryString="8192" /></requestFiltering>',
  );
}

/** Every visitor who meets an error would read code and settings. */
function debug({ application: found }: SiteFacts): Verdict | undefined {
  if (found?.debug !== true) return undefined;
  return note(
    'it is on: visitors read code and settings on every error page',
    'Switch it off before others come: take `SITE_DEBUG` out of the variables, or DEBUG out of the settings',
  );
}

function deploymentChecks({ deep, directory }: SiteFacts): Verdict | undefined {
  if (!deep || deep.django === undefined) return undefined;
  const { trouble, complaints } = deep;
  const command = `zookit python --env ${asWord(directory)} manage.py check --deploy`;
  if (trouble !== undefined)
    return bad(`it does not start with SITE_HTTPS=1: ${trouble}`, `See it: \`${command}\``);
  if (complaints.length === 0) return ok('clean with SITE_HTTPS=1');
  return note(`${complaints.length} with SITE_HTTPS=1: ${complaints[0] ?? ''}`, `See them: \`${command}\``);
}
