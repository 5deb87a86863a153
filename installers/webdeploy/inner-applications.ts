// Comes in: the providers of a Web Deploy package with more than one application, and where the first of them lies. Goes out: words
// for the others, which are folders inside of it: who makes them applications of their own. Carries nothing out.
import { join, win32 } from 'node:path';
import type { SitePlace } from '../../src/lib/iis-place.js';
import { applicationName } from '../../src/lib/iis-place.js';
import { typedLine } from '../../src/lib/quote.js';
import type { PlacedProvider } from './providers.js';
import { below } from './providers.js';

/** A sentence for each; with `appcmd`, IIS's program, the command to type. */
export function innerApplications(
  placed: readonly PlacedProvider[],
  { folder, place }: { readonly folder: string; readonly place: SitePlace },
  appcmd: string | undefined,
): string[] {
  const [first, ...others] = placed.filter(({ provider }) => provider.name === 'iisapp');
  return others.map(({ provider }) => {
    const inside = below(provider.path, first?.provider.path ?? '') ?? '';
    const inner = { site: place.site, path: `${place.path.replace(/\/$/, '')}/${inside}` };
    const name = applicationName(inner);
    if (appcmd === undefined)
      return `Serve '${join(folder, inside)}' as an application of its own (${provider.spelled} '${name}')`;
    const words = ['add', 'app', `/site.name:${inner.site}`, `/path:${inner.path}`];
    const line = typedLine([appcmd, ...words, `/physicalPath:${win32.join(folder, inside)}`], true);
    return `Make '${name}' an application of its own: \`${line}\``;
  });
}
