// Comes in: the providers of a Web Deploy package, the values of its parameters, the application's folder. Goes out: each provider
// with its path as it is on this server, and words for those that Zookit does not carry out. Pure; shows no secret.
import { PatternError, fitting, placesOf } from '../../src/lib/guarded-match.js';
import { isDatabaseProvider, isForeignProvider } from './engines.js';
import type { Provider } from './manifest.js';
import { plainPath } from './manifest.js';
import type { PackageValues, ParameterValue } from './values.js';
import { valueByTag } from './values.js';

/** A provider that counts. */
export interface PlacedProvider {
  readonly provider: Provider;
  /** Its path with the values in it, after aliases: `Default Web Site/blog/media`. May hold a secret. */
  readonly path: string;
}

export interface PlacedProviders {
  readonly placed: readonly PlacedProvider[];
  /** What of the paths could not be filled in. */
  readonly left: readonly string[];
}

/** The providers for the chosen database engine, with their paths filled in. */
export function placeProviders(providers: readonly Provider[], values: PackageValues): PlacedProviders {
  const left: string[] = [];
  const placed: PlacedProvider[] = [];
  const aliases: { readonly from: string; readonly to: string }[] = [];
  for (const provider of providers) {
    if (isForeignProvider(provider.name, values.engine)) continue;
    if (provider.name === 'alias') {
      const [from, to] = ['from', 'to'].map((name) => plainPath(provider.attributes.get(name) ?? ''));
      if (from && to) aliases.push({ from, to });
      continue;
    }
    const path = filledPath(provider, values.values, left);
    placed.push({ provider, path: aliases.reduce(renamed, path) });
  }
  return { placed, left };
}

function renamed(path: string, { from, to }: { readonly from: string; readonly to: string }): string {
  const rest = below(path, from);
  return rest === undefined ? path : plainPath(`${to}/${rest}`);
}

/** What of a path lies below a folder, in any case; undefined when it does not. */
export function below(path: string, folder: string): string | undefined {
  const [one, other] = [`${path}/`.toLowerCase(), `${folder}/`.toLowerCase()];
  return one.startsWith(other) ? path.slice(folder.length + 1) : undefined;
}

/** All places are found in the path as it came; a value is never searched for another one. */
function filledPath(provider: Provider, values: readonly ParameterValue[], left: string[]): string {
  const edits = values.flatMap(({ parameter, value }) =>
    parameter.entries
      .filter(({ type }) => type === 'providerpath')
      .flatMap(({ scope, match }) => {
        try {
          if (fitting(`^(?:${scope.trim()})$`, [provider.name], 'i').length === 0) return [];
          const places =
            match === ''
              ? [{ start: 0, end: provider.path.length }]
              : placesOf(`(?i)${match}`, provider.path);
          return places.map((place) => ({ ...place, value }));
        } catch (error) {
          if (!(error instanceof PatternError)) throw error;
          left.push(
            `Set '${parameter.name}' in the path of ${provider.spelled} by hand ('${match}'): ${error.message}`,
          );
          return [];
        }
      }),
  );
  let path = '';
  let end = 0;
  for (const { start, end: stop, value } of edits.sort((one, other) => one.start - other.start)) {
    if (start < end) continue;
    path += provider.path.slice(end, start) + value;
    end = stop;
  }
  return edits.length === 0 ? provider.path : path + provider.path.slice(end);
}

/** The folder of the application that a `setAcl` means, relative to the application's; undefined when it lies elsewhere. */
export function insideApplication(
  { path }: PlacedProvider,
  applicationPath: string,
  contentPath: string,
): string | undefined {
  const plain = plainPath(path);
  const inside = below(plain, plainPath(applicationPath)) ?? below(plain, contentPath);
  return inside?.split('/').includes('..') ? undefined : inside;
}

/** Words for a provider that is not carried out; `file` is where its file lies now, when it has one. */
export function leftOver(
  { provider }: PlacedProvider,
  values: PackageValues,
  file: string | undefined,
): string {
  const { name, spelled, attributes } = provider;
  const what = file ?? attributes.get('path') ?? '';
  if (name === 'runcommand') return `Run '${what}' (${spelled})`;
  if (!isDatabaseProvider(name)) return `Carry out ${spelled} '${what}': Zookit does not know it`;
  const database = valueByTag(values, 'dbname');
  const server = valueByTag(values, 'dbserver');
  const where = database ? `in the database '${database}'` : 'in the database of the application';
  const host = server ? ` on '${server}'` : '';
  const delimiter = attributes.get('commanddelimiter');
  const ending = delimiter === undefined ? '' : `; its statements end with '${delimiter}'`;
  return `Run the SQL script '${what}' ${where}${host} (${spelled}${ending})`;
}
