// Comes in: the bytes of a Web Deploy package's manifest.xml. Goes out: its providers in their order, names in lower case.
// Decides nothing about what a provider means. Format: webpi-feed, section 7, and
// https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd569008(v=ws.10)
import { badPackage, readDocument, valueOf } from './document.js';

/** One thing to put onto the server. */
export interface Provider {
  /** Lower case: `iisapp`, `setacl`, `dbmysql`. */
  readonly name: string;
  /** As Web Deploy's own messages spell it. */
  readonly spelled: string;
  /** In the package; with `/`, without one at its ends. */
  readonly path: string;
  /** By lower-case name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly line: number;
}

/**
 * The providers of a manifest; the first `iisApp` is the application, others are folders inside of it. Throws INSTALLER_FAILED.
 */
export function readManifest(bytes: Buffer): Provider[] {
  const root = readDocument(bytes, 'manifest.xml');
  if (!/^(msdeploy\.iisapp|sitemanifest)$/i.test(root.name))
    throw badPackage(`its 'manifest.xml' is none`, [
      `Wanted the element MSDeploy.iisApp`,
      `Found ${root.name}`,
    ]);
  const providers = root.children.map((element): Provider => {
    const attributes = element.attributes.map(({ name, value }) => [name.toLowerCase(), value] as const);
    return {
      name: element.name.toLowerCase(),
      spelled: element.name,
      path: plainPath(valueOf(element, 'path') ?? ''),
      attributes: new Map(attributes),
      line: element.line,
    };
  });
  const applications = providers.filter(({ name }) => name === 'iisapp');
  const top = `${applications[0]?.path ?? ''}/`.toLowerCase();
  const beside = applications.slice(1).find(({ path }) => !path.toLowerCase().startsWith(top));
  if (applications.length === 0 || beside)
    throw badPackage(`its 'manifest.xml' names ${applications.length || 'no'} applications`, [
      'Wanted one iisApp with the path of a folder, and others only inside of that',
      ...(beside ? [`Line ${beside.line}: ${beside.spelled} with the path '${beside.path}'`] : []),
    ]);
  for (const { name, spelled, path, line } of providers) refuseOutside(name, spelled, path, line);
  return providers;
}

/** `\blog\media\` is `blog/media`. */
export function plainPath(path: string): string {
  return path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+|\/+$/g, '');
}

/** Providers whose path is a folder or a file of the package; others have connection strings or commands there. */
const inside = ['iisapp', 'setacl', 'dbfullsql', 'dbmysql', 'contentpath', 'dirpath', 'filepath'];

function refuseOutside(name: string, spelled: string, path: string, line: number): void {
  if (!inside.includes(name)) return;
  const climbs = path.split('/').includes('..');
  const wanted = name !== 'iisapp' || (path !== '' && !/^[a-z]:/i.test(path));
  if (!climbs && wanted) return;
  throw badPackage(`its 'manifest.xml' leads out of the package`, [
    `Line ${line}: ${spelled} with the path '${path}'`,
    'Wanted a path below the top of the package',
  ]);
}
