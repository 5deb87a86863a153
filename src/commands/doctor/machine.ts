// The checks of `zookit doctor` on the machine: what Zookit itself needs, and what most often keeps an installation from
// working. Comes in: facts. Goes out: verdicts, each bad one with the command that mends it. Asks nobody.
import { sizeText } from '../../lib/terminal.js';
import { compareVersions } from '../../lib/version.js';
import type { Check, Verdict } from './check.js';
import { bad, note, ok } from './check.js';
import type { MachineFacts } from './machine-facts.js';

/** package.json's `engines`. */
const oldestNode = '20.17.0';
/** The oldest Python that any product of the built-in feed takes. */
const oldestPython = '3.10';
/** Bytes: a Django project with its Python needs less than the first, a server with everything less than the second. */
const leastRoom = 300e6;
const easyRoom = 2e9;

export const machineChecks: readonly Check<MachineFacts>[] = [
  { id: 'node', title: 'Node.js', run: node },
  { id: 'python', title: 'Python', run: python },
  { id: 'venv', title: 'Environments', run: environments },
  { id: 'pip', title: 'pip', run: pip },
  { id: 'uv', title: 'uv', run: uv },
  { id: 'disk', title: 'Free disk for', run: ({ folders }) => folders.map(disk) },
  { id: 'temporary', title: 'Temporary files', run: temporary },
  { id: 'proxy', title: 'Proxy', run: proxy },
  { id: 'certificates', title: 'Certificates', run: certificates },
  { id: 'rights', title: 'Rights', run: rights },
  { id: 'long-paths', title: 'Long paths', run: longPaths },
  { id: 'restart', title: 'Restart', run: restart },
];

function node({ node: version }: MachineFacts): Verdict {
  const plain = version.replace(/^v/, '');
  return compareVersions(plain, oldestNode) >= 0
    ? ok(plain)
    : bad(`${plain}, older than ${oldestNode}`, 'Install a Node.js of today from https://nodejs.org/');
}

function python({ pythons }: MachineFacts): Verdict {
  const working = pythons.filter(({ trouble }) => trouble === undefined);
  if (working.length === 0)
    return bad('none was found on PATH or below the root', 'Install one: `zookit install Python`');
  const list = working.map(({ version, path }) => `${version} (${path})`).join(', ');
  if (working.some(({ version }) => compareVersions(version, oldestPython) >= 0)) return ok(list);
  return bad(`only ${list}, older than ${oldestPython}`, 'Install one of today: `zookit install Python`');
}

function usable({ pythons }: MachineFacts): MachineFacts['pythons'] {
  return pythons.filter(
    ({ trouble, version }) => trouble === undefined && compareVersions(version, oldestPython) >= 0,
  );
}

function environments(facts: MachineFacts): Verdict | undefined {
  const pythons = usable(facts);
  if (pythons.length === 0) return undefined;
  const able = pythons.filter(({ venv }) => venv);
  const names = (of: typeof pythons): string => of.map(({ version }) => version).join(', ');
  if (able.length === 0 && facts.uv === undefined)
    return bad(
      `no module venv in ${names(pythons)}`,
      facts.os === 'linux'
        ? "Install your system's package of it, for example `apt-get install python3-venv`"
        : 'Install another Python: `zookit install Python`',
    );
  const without = pythons.filter(({ ensurepip }) => !ensurepip);
  if (without.length === 0) return ok('venv and ensurepip are there');
  return ok(`without pip of their own in ${names(without)} (no ensurepip); Zookit needs none there`);
}

function pip(facts: MachineFacts): Verdict | undefined {
  const pythons = usable(facts);
  if (pythons.length === 0) return undefined;
  const found = pythons.flatMap((each) =>
    each.pip === undefined ? [] : [`${each.pip} of Python ${each.version}`],
  );
  if (found.length > 0) return ok(found.join(', '));
  return bad(
    'no Python has it, and packages are fetched by it',
    facts.os === 'linux'
      ? 'Install it: `apt-get install python3-pip`, or the package of your system'
      : 'Bring a Python with it: `zookit install Python`',
  );
}

function uv({ uv: version, os }: MachineFacts): Verdict {
  if (version !== undefined) return ok(version);
  // The feed offers it for Windows; elsewhere everybody gets it in another way, and nothing is missing without it.
  const hint = os === 'windows' ? ['Install it: `zookit install uv`'] : [];
  return note('not here; pip does its work, more slowly', ...hint);
}

function disk({ name, path, free }: MachineFacts['folders'][number]): Verdict {
  if (free === undefined) return { ...note(`nobody tells for '${path}'`), about: name };
  const found = `${sizeText(free)} in '${path}'`;
  const more = name === 'root' ? 'name another root with `--root DIR`' : 'name another folder in TMPDIR';
  if (free < leastRoom)
    return { ...bad(found, `Make room: \`zookit cache clean\`, or ${more}`), about: name };
  return { ...(free < easyRoom ? note(found, 'Make room: `zookit cache clean`') : ok(found)), about: name };
}

function temporary({ folders, os }: MachineFacts): Verdict | undefined {
  const folder = folders.find(({ name }) => name === 'temporary files');
  if (folder === undefined || folder.writable) return undefined;
  const hint = os === 'windows' ? '`set TEMP=DIR`' : '`export TMPDIR=DIR`';
  return bad(`'${folder.path}' cannot be written`, `Name a folder of yours: ${hint}`);
}

function proxy({ proxies, windows, os }: MachineFacts): Verdict[] {
  const set = os === 'windows' ? 'set' : 'export';
  if (proxies.length === 0 && windows?.userProxy !== undefined)
    return [
      note(
        `Windows' settings name '${windows.userProxy}', the environment names none`,
        `Name it where Zookit and pip look: \`${set} HTTPS_PROXY=http://HOST:PORT\``,
      ),
    ];
  if (proxies.length === 0) return [ok('none is set')];
  return proxies.map(({ name, address, trouble }) => ({
    ...(trouble === undefined
      ? ok(`'${address}' answers`)
      : bad(
          address === '' ? trouble : `'${address}' does not answer: ${trouble}`,
          `Mend it: \`${set} ${name}=http://HOST:PORT\`, or take the variable away`,
        )),
    about: name,
  }));
}

function certificates({ certificates: named }: MachineFacts): Verdict | undefined {
  if (named === undefined) return undefined;
  return named.trouble === undefined
    ? ok(`those of '${named.file}' too`)
    : bad(
        `SSL_CERT_FILE names '${named.file}', which cannot be read: ${named.trouble}`,
        'Name a file that can: `SSL_CERT_FILE=FILE.pem`',
      );
}

function rights({ admin, os }: MachineFacts): Verdict {
  if (admin) return ok(os === 'windows' ? 'an administrator, elevated' : 'root');
  return os === 'windows'
    ? note(
        'not elevated: products of the machine and IIS need an administrator',
        'Open the console with "Run as administrator"; projects and packages do not need it',
      )
    : ok('an ordinary user: what is installed is yours alone');
}

function longPaths({ windows }: MachineFacts): Verdict | undefined {
  if (windows === undefined) return undefined;
  return windows.longPaths
    ? ok('allowed')
    : note(
        'paths end at 260 characters, which deep packages pass',
        'As administrator: `reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\FileSystem /v LongPathsEnabled /t REG_DWORD /d 1 /f`, or keep folders short',
      );
}

function restart({ windows }: MachineFacts): Verdict | undefined {
  if (windows === undefined) return undefined;
  return windows.pendingRestart.length === 0
    ? ok('none is waited for')
    : note(
        `Windows waits for one: ${windows.pendingRestart.join(', ')}`,
        'Some installers refuse to start before it: `shutdown /r /t 0`',
      );
}
