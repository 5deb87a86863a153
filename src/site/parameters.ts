// Comes in: an HTTP request. Goes out: the CGI variables of a FastCGI request. Passes nothing on that a visitor could
// use to pose as something else. Source: RFC 3875 section 4.1; names as IIS and nginx give them.
import type { IncomingMessage } from 'node:http';
import type { FcgiPair } from './fastcgi.js';
import { hopByHopHeaders } from './response.js';
import type { RequestTarget } from './target.js';

/** What does not stand in the request itself. */
export interface ServerFacts {
  /** The site's folder. */
  readonly documentRoot: string;
  /** Bytes of the body that will be sent; undefined when there is none. */
  readonly contentLength: number | undefined;
}

/** All pairs for one request: SCRIPT_NAME is empty, PATH_INFO the whole decoded path. */
export function cgiParameters(
  request: IncomingMessage,
  target: RequestTarget,
  facts: ServerFacts,
): readonly FcgiPair[] {
  const { socket } = request;
  const address = (text: string | undefined): string => (text ?? '').replace(/^::ffff:/, '');
  const length = facts.contentLength;
  return [
    ['GATEWAY_INTERFACE', 'CGI/1.1'],
    ['SERVER_SOFTWARE', 'Zookit'],
    ['SERVER_PROTOCOL', `HTTP/${request.httpVersion}`],
    ['SERVER_NAME', serverName(request.headers.host) ?? address(socket.localAddress)],
    ['SERVER_PORT', String(socket.localPort ?? '')],
    ['REMOTE_ADDR', address(socket.remoteAddress)],
    ['REMOTE_PORT', String(socket.remotePort ?? '')],
    ['REQUEST_METHOD', request.method ?? 'GET'],
    ['REQUEST_URI', Buffer.from(target.uri, 'latin1')],
    ['SCRIPT_NAME', ''],
    ['PATH_INFO', target.bytes],
    ['QUERY_STRING', Buffer.from(target.query, 'latin1')],
    ['DOCUMENT_ROOT', facts.documentRoot],
    ['HTTPS', 'off'],
    ['CONTENT_TYPE', Buffer.from(request.headers['content-type'] ?? '', 'latin1')],
    ['CONTENT_LENGTH', length === undefined ? '' : String(length)],
    ...headerParameters(request),
  ];
}

/** The host's name of a Host header, without its port. */
function serverName(host: string | undefined): string | undefined {
  return /^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d*)?$/.exec(host ?? '')?.[1];
}

/** RFC 3875 section 4.1.18. Repeated headers are joined: cookies by `; `, others by `, `. */
function headerParameters(request: IncomingMessage): readonly FcgiPair[] {
  const pairs: FcgiPair[] = [];
  const dropped = new Set([...hopByHopHeaders, ...namedByConnection(request), ...notAsHeaders]);
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    // `X_User` and `X-User` would become one variable: names with anything but letters, digits and `-` are refused.
    if (values === undefined || dropped.has(name) || !/^[a-z0-9-]+$/.test(name)) continue;
    const value = values.join(name === 'cookie' ? '; ' : ', ');
    pairs.push([`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, Buffer.from(value, 'latin1')]);
  }
  return pairs;
}

/** `Proxy` would set HTTP_PROXY, which programs take for their own (CVE-2016-5385); `Expect` is answered by us. */
const notAsHeaders = ['content-type', 'content-length', 'proxy', 'expect'];

function namedByConnection(request: IncomingMessage): readonly string[] {
  return (request.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
}
