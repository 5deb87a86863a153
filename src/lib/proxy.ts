// Comes in: an address and the environment. Goes out: the proxy that it is asked through, or none. Reads the variables as
// curl, pip and uv do: `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `no_proxy`. Opens no connection.
import { BlockList, isIP } from 'node:net';
import { AppError } from '../errors.js';

export interface ProxyServer {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly auth?: { readonly username: string; readonly password: string };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The proxy for an address; throws USAGE for a variable that names none, without its value: that may hold a password. */
export function proxyFor(address: URL, variables: Variables): ProxyServer | undefined {
  if (goesStraight(address, variables)) return undefined;
  for (const name of [`${address.protocol.slice(0, -1)}_proxy`, 'all_proxy']) {
    const value = valueOf(name, variables);
    if (value !== '') return parseProxy(value, name);
  }
  return undefined;
}

function valueOf(name: string, variables: Variables): string {
  return (variables[name] ?? variables[name.toUpperCase()] ?? '').trim();
}

function parseProxy(value: string, name: string): ProxyServer {
  try {
    const url = new URL(value.includes('://') ? value : `http://${value}`);
    const protocol = url.protocol.slice(0, -1);
    if (protocol !== 'http' && protocol !== 'https') throw new TypeError(`a proxy of kind '${protocol}'`);
    const auth = {
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
    return {
      protocol,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port === '' ? (protocol === 'http' ? 80 : 443) : url.port),
      ...(url.username === '' ? {} : { auth }),
    };
  } catch (error) {
    throw new AppError('USAGE', `The variable ${name.toUpperCase()} does not name an HTTP proxy`, {
      cause: error,
      details: ['Wanted http://HOST:PORT or http://USER:PASSWORD@HOST:PORT'],
      hint: 'Mend the variable; in a user name or password write %40 for @, %3A for :, %2F for /, %25 for %',
    });
  }
}

/** Names match with all that lies below them, a leading dot or `*.` says nothing more; networks are `10.0.0.0/8`. */
function goesStraight({ hostname, port, protocol }: URL, variables: Variables): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const entries = valueOf('no_proxy', variables)
    .toLowerCase()
    .split(/[\s,]+/);
  return entries.some((entry) => {
    if (entry === '*') return true;
    if (entry.includes('/')) return isInNetwork(host, entry);
    const [, name = entry, onlyPort = ownPort] =
      /^\[?([^\]]*?)\]?:(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
    const plain = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
    return plain !== '' && onlyPort === ownPort && (host === plain || host.endsWith(`.${plain}`));
  });
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', length = ''] = network.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const bits = Number(length);
  if (
    isIP(address) === 0 ||
    isIP(host) !== isIP(address) ||
    !(bits >= 0 && bits <= (family === 'ipv4' ? 32 : 128))
  )
    return false;
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list.check(host, family);
}
