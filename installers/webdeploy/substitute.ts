// Comes in: the unpacked files of a Web Deploy package, and the values of its parameters. Goes out: the files with the values in
// them, and what could not be done, in words. All places are found in the files as they came: no value is ever searched for
// another one. Works on files under temporary names only.
import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PatternError, fitting } from '../../src/lib/guarded-match.js';
import { decodeText } from './text-encoding.js';
import type { ValuePlace } from './places.js';
import { placesFor } from './places.js';
import type { ParameterEntry } from './parameters.js';
import type { ParameterValue } from './values.js';

/** Larger files hold no settings. */
const largestFile = 4 * 1024 * 1024;

interface Edit extends ValuePlace {
  readonly of: ParameterValue;
}

/** Fills the values into the files below a folder; returns a sentence for each thing that is left to do. */
export async function substituteFiles(folder: string, values: readonly ParameterValue[]): Promise<string[]> {
  const left: string[] = [];
  const names = await filesBelow(folder);
  const wanted = new Map<string, { readonly of: ParameterValue; readonly entry: ParameterEntry }[]>();
  for (const of of values) {
    for (const entry of of.parameter.entries.filter(({ type }) => type !== 'providerpath')) {
      const files = filesFor(entry, names);
      if ('problem' in files) left.push(sentence(of, entry, files.problem));
      else if (files.names.length === 0)
        left.push(sentence(of, entry, `no file of the package fits '${entry.scope}'`));
      else for (const name of files.names) wanted.set(name, [...(wanted.get(name) ?? []), { of, entry }]);
    }
  }
  const missed = new Map<ParameterEntry, { readonly of: ParameterValue; found: boolean }>();
  for (const [name, entries] of wanted) {
    const edits: Edit[] = [];
    const text = await textOf(join(folder, name));
    for (const { of, entry } of entries) {
      const found =
        text === undefined ? { problem: 'it holds no text' } : placesFor(entry, basename(name), text.text);
      if ('problem' in found) left.push(sentence(of, entry, found.problem, name));
      else edits.push(...found.places.map((place) => ({ ...place, of })));
      const before = missed.get(entry)?.found ?? false;
      missed.set(entry, { of, found: before || 'problem' in found || found.places.length > 0 });
    }
    if (text && edits.length > 0) left.push(...(await writeEdits(join(folder, name), name, text, edits)));
  }
  for (const [entry, { of, found }] of missed)
    if (!found) left.push(sentence(of, entry, `'${entry.match}' is found in none of its files`));
  return left;
}

/** Scopes are written for paths of Windows, mostly with an end: `\\settings\.py$`. */
function filesFor(
  { type, scope }: ParameterEntry,
  names: readonly string[],
): { readonly names: readonly string[] } | { readonly problem: string } {
  if (!['textfile', 'xmlfile', 'textfileposition'].includes(type))
    return { problem: `entries of type '${type}' are not known` };
  try {
    const spelled = new Map(
      names.flatMap((name) => [
        [`\\${name.replaceAll('/', '\\')}`, name] as const,
        [`/${name}`, name] as const,
      ]),
    );
    const found = fitting(scope, [...spelled.keys()], 'i').map((path) => spelled.get(path) ?? '');
    return { names: [...new Set(found)] };
  } catch (error) {
    if (error instanceof PatternError) return { problem: `'${scope}': ${error.message}` };
    throw error;
  }
}

async function writeEdits(
  path: string,
  name: string,
  text: NonNullable<ReturnType<typeof decodeText>>,
  edits: readonly Edit[],
): Promise<string[]> {
  const left: string[] = [];
  const sorted = [...edits].sort((one, other) => one.start - other.start);
  let changed = '';
  let end = 0;
  let secret = false;
  for (const { start, end: stop, write, of } of sorted) {
    if (start < end) {
      left.push(`'${name}' of the package: the place of '${of.parameter.name}' has another value already`);
      continue;
    }
    changed += text.text.slice(end, start) + write(of.value);
    end = stop;
    secret ||= of.secret;
  }
  const bytes = text.encode(changed + text.text.slice(end));
  if (!bytes)
    return [...left, `'${name}' of the package: its encoding has no room for a character of the values`];
  await writeFile(path, bytes);
  // Its owner and the web server's group.
  if (secret) await chmod(path, 0o640);
  return left;
}

async function textOf(path: string): Promise<ReturnType<typeof decodeText>> {
  if ((await stat(path)).size > largestFile) return undefined;
  return decodeText(await readFile(path));
}

/** Paths of all files below a folder, relative, with `/`, sorted; links are not followed. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

function sentence(
  { parameter }: ParameterValue,
  { type, match }: ParameterEntry,
  problem: string,
  file?: string,
): string {
  const where = file === undefined ? '' : ` in '${file}'`;
  return `Set the value of '${parameter.name}'${where} by hand (${type} '${match}'): ${problem}`;
}
