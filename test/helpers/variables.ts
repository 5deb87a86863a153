// Comes in: the environment that the tests were started in. Goes out: what of it belongs to the machine (certificates, pip's
// settings, the way to the network) and not to whoever sits there. Knows no variable of ours.

/** The interpreter of Node needs some of these on Windows. */
const ofMachine =
  /^(SystemRoot|SystemDrive|ComSpec|PATHEXT|ProgramFiles|ProgramData|LANG|PIP_.*|SSL_.*|NODE_EXTRA_CA_CERTS)$/i;
const ofUser = /^(PATH|HOME|USER|USERPROFILE|TMPDIR|TEMP|TMP|LC_ALL)$/i;
const aboutProxies = /_proxy$/i;

type Variables = Readonly<Record<string, string>>;

/** What a program needs of this machine beside its `own` variables; who says something of proxies says all of them. */
export function machineVariables(own: Variables = {}): Variables {
  return {
    ...those(ofMachine),
    ...(Object.keys(own).some((name) => aboutProxies.test(name)) ? {} : proxies()),
  };
}

/** The same with the user's home and programs. */
export function userVariables(): Variables {
  return { ...machineVariables(), ...those(ofUser) };
}

/** No proxy stands between the tests and their own servers. */
function proxies(): Variables {
  const found = those(aboutProxies);
  if (Object.keys(found).length === 0) return {};
  const straight = [found['no_proxy'] ?? found['NO_PROXY'] ?? '', '127.0.0.1', 'localhost'];
  const list = straight.filter((each) => each !== '').join(',');
  return { ...found, no_proxy: list, NO_PROXY: list };
}

function those(names: RegExp): Variables {
  const found = Object.entries(process.env).filter(([name]) => names.test(name));
  return Object.fromEntries(found.map(([name, value]) => [name, value ?? '']));
}
