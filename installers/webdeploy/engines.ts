// Comes in: a Web Deploy package's parameters. Goes out: the database engines that they are for, and which of them count
// once one engine is chosen. The one file that knows the engines' tags and providers (webpi-feed, section 7).
import type { PackageParameter } from './parameters.js';

/** Tag to the name that people know. */
const engineNames: ReadonlyMap<string, string> = new Map([
  ['sql', 'SQL'],
  ['mysql', 'MySQL'],
  ['sqlite', 'SQLite'],
  ['sqlce', 'SQLCE'],
  ['vistadb', 'VistaDB'],
  ['flatfile', 'FlatFile'],
  ['nodatabase', 'NoDatabase'],
]);

/** Providers that are for one engine only. */
const providerEngines: ReadonlyMap<string, string> = new Map([
  ['dbfullsql', 'SQL'],
  ['dbsqlpackage', 'SQL'],
  ['dbdacfx', 'SQL'],
  ['dbmysql', 'MySQL'],
  ['dbsqlce', 'SQLCE'],
]);

/** The engines that a parameter is for; empty = for any. */
export function enginesOf({ tags }: PackageParameter): string[] {
  return tags.flatMap((tag) => engineNames.get(tag) ?? []);
}

/** All engines of a package, in the order in which it speaks of them. */
export function packageEngines(parameters: readonly PackageParameter[]): string[] {
  return [...new Set(parameters.flatMap(enginesOf))];
}

/** The name of the question for the engine; undefined when there is nothing to choose. */
export function engineQuestion(parameters: readonly PackageParameter[]): string | undefined {
  if (packageEngines(parameters).length < 2) return undefined;
  const used = parameters.some(({ name }) => name.toLowerCase() === 'database');
  return used ? 'Database Engine' : 'Database';
}

/** The engine that counts: the answer, else the only one; undefined when the package speaks of none. */
export function chosenEngine(
  parameters: readonly PackageParameter[],
  answers: ReadonlyMap<string, string>,
): string | undefined {
  const [first, ...others] = packageEngines(parameters);
  const question = engineQuestion(parameters);
  const answer = question === undefined ? undefined : answers.get(question)?.toLowerCase();
  return others.find((engine) => engine.toLowerCase() === answer) ?? first;
}

/** Whether a parameter counts with that engine. */
export function isForEngine(parameter: PackageParameter, engine: string | undefined): boolean {
  const engines = enginesOf(parameter);
  return engine === undefined || engines.length === 0 || engines.includes(engine);
}

/** Whether a provider, by lower-case name, is for another engine than the chosen one. */
export function isForeignProvider(provider: string, engine: string | undefined): boolean {
  const own = providerEngines.get(provider);
  return engine !== undefined && own !== undefined && own !== engine;
}

/** Whether a provider, by lower-case name, fills a database. */
export function isDatabaseProvider(provider: string): boolean {
  return providerEngines.has(provider);
}
