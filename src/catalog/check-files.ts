// Comes in: a catalog. Goes out: findings about the files that its installers fetch: without a hash nobody can say
// whether a file is the right one. Fetches nothing.
import type { Entry, Installer } from '../types.js';
import type { Check, Finding } from './finding.js';
import { forEntries } from './finding.js';
import { isHttp } from '../lib/is-http.js';

type Message = readonly [Finding['severity'], string];

/** Hashes of installer files and payload files, addresses that cannot be fetched, and paths that the web should not name. */
export const checkFiles: Check = (checked) =>
  forEntries(checked, (entry) => {
    const fromWeb = isHttp(checked.addressOf(entry));
    return entry.installers.flatMap((installer) => [
      ...installerFile(installer),
      ...payload(installer),
      ...skeleton(installer),
      ...(fromWeb ? paths(entry, installer) : []),
    ]);
  });

function installerFile({ id, file }: Installer): Message[] {
  if (!file || file.sha256 || file.sha1) return [];
  const address = file.url || (file.relativeUrl ?? '');
  return [[isHttp(address) ? 'error' : 'warning', `file '${address}' of installer ${id} has no hash`]];
}

/** Files that lie beside a feed on this disk are trusted as the feed itself is. */
function payload(installer: Installer): Message[] {
  return filesOf(installer)
    .filter((file) => isHttp(file.url) && !file.sha256)
    .map((file): Message => ['error', `file '${file.url}' of installer ${installer.id} has no hash`]);
}

/** A folder can be read from a disk or a share; from the web only an archive can. */
function skeleton({ id, action }: Installer): Message[] {
  if (action.kind !== 'template' || !action.href || !isHttp(action.href)) return [];
  return [
    ['error', `template of installer ${id} is a folder on the web: give an archive as its installerFile`],
  ];
}

/** On Windows opening a share gives the user's credentials to whoever runs it. */
function paths(entry: Entry, installer: Installer): Message[] {
  const addresses = [installer.file?.url, ...filesOf(installer).map((file) => file.url)];
  return addresses
    .filter((address) => address !== undefined && address !== '' && !isHttp(address))
    .map((path): Message => [
      'warning',
      `'${entry.productId}' of a feed from the web names the path '${path ?? ''}'`,
    ]);
}

function filesOf({ action }: Installer): readonly { readonly url: string; readonly sha256?: string }[] {
  return action.kind === 'payload' || action.kind === 'script' ? action.files : [];
}
