// Comes in: an address as a feed or a person writes it, and what it is relative to. Goes out: a URL or an absolute path.
// Windows paths and shares are recognised on any system, because feeds for Windows are read everywhere. Opens nothing.
import { posix, resolve, win32 } from 'node:path';
import { AppError } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import { nameProblem } from '../lib/file-name.js';
import { isHttp } from '../lib/is-http.js';

const windowsPath = /^[a-z]:[\\/]/i;
const windowsShare = /^\\\\[^\\]/;

/** Whether an address is a Windows path (`C:\feeds`) or share (`\\server\feeds`). */
export function isWindowsPath(address: string): boolean {
  return windowsPath.test(address) || windowsShare.test(address);
}

/** The address of a feed as a person typed it: a URL as it is, a file URL or path as an absolute path; throws USAGE. */
export function feedAddress(typed: string): string {
  if (isHttp(typed) && URL.canParse(typed)) return new URL(typed).href;
  if (/^file:/i.test(typed)) return pathOfFileUrl(typed);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(typed)) throw notAnAddress(typed);
  return isWindowsPath(typed) ? win32.normalize(typed) : resolve(typed);
}

/**
 * An address of a feed, made absolute; `base` is the feed's own. Escapes are undone when it becomes a path.
 * Returns undefined for what is no address at all.
 */
export function resolveAddress(base: string, reference: string): string | undefined {
  const text = reference.trim();
  if (text === '') return undefined;
  if (isWindowsPath(text)) return win32.normalize(text);
  if (/^file:/i.test(text)) return pathOfFileUrl(text);
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) return URL.canParse(text) ? new URL(text).href : undefined;
  if (isHttp(base)) return URL.canParse(text, base) ? new URL(text, base).href : undefined;
  return beside(base, unescaped(text));
}

/**
 * The same for the `relative...` twins of WebPI's offline caches, which are written without escapes: they are escaped
 * exactly once when the cache is served by HTTP, and never when it is a folder.
 */
export function resolveRelative(base: string, reference: string): string | undefined {
  const text = reference.trim();
  if (text === '') return undefined;
  if (!isHttp(base)) return beside(base, text);
  const escaped = text.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return URL.canParse(escaped, base) ? new URL(escaped, base).href : undefined;
}

/**
 * A path inside a folder as a feed may give it: `/` between plain names, nothing that climbs, names a drive or a device.
 * Returns it with `/`, or undefined when it is not one; an empty text is the folder itself.
 */
export function pathInside(text: string): string | undefined {
  const path = text.trim().replaceAll('\\', '/').replace(/\/+$/, '');
  if (path === '') return '';
  const isPlain = (name: string): boolean =>
    name !== '' && name !== '.' && name !== '..' && nameProblem(name) === undefined;
  return path.split('/').every(isPlain) ? path : undefined;
}

/** The last name of an address, escapes undone. */
export function fileNameOf(address: string): string {
  const path = isHttp(address) ? new URL(address).pathname : address.replaceAll('\\', '/');
  return unescaped(path.slice(path.lastIndexOf('/') + 1));
}

/** WebPI's feeds spell file URLs in every way: `file:///C:/x`, `file://C:/x`, `file://server/share/x`, `file:///x`. */
function pathOfFileUrl(url: string): string {
  const rest = unescaped(url.replace(/^file:/i, '')).replaceAll('\\', '/');
  const drive = /^\/*([a-z]:\/.*)$/i.exec(rest)?.[1];
  if (drive) return win32.normalize(drive);
  const [, host, path] = /^\/\/([^/]+)(\/.*)$/.exec(rest) ?? [];
  if (host && path && host.toLowerCase() !== 'localhost') return win32.normalize(`\\\\${host}${path}`);
  return posix.normalize(path ?? rest.replace(/^\/*/, '/'));
}

function notAnAddress(typed: string): AppError {
  return new AppError('USAGE', `'${withoutCredentials(typed)}' is not an address that feeds are read from`, {
    details: ['Wanted http://, https:// or file://, or a path'],
    hint: 'For example `--feed https://feeds.example.com/feed.xml` or `--feed ./feed.xml`',
  });
}

function beside(base: string, path: string): string {
  if (isWindowsPath(base)) return win32.resolve(win32.dirname(base), path);
  return posix.resolve(posix.dirname(base), path.replaceAll('\\', '/'));
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
