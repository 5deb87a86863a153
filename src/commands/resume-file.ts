// Comes in: what was asked for when an installer demanded a restart first. Goes out: the same from a file, after the
// restart. The one file that knows `resume.json`; no secret enters it: of those only the names are kept.
import { rm } from 'node:fs/promises';
import { AppError } from '../errors.js';
import { readIfThere, writeWhole } from '../lib/files.js';

/** Commands that can go on after a restart. */
export type ResumableCommand = 'install' | 'new' | 'upgrade';

/** An installation that waits for a restart of the machine. */
export interface Waiting {
  /** When it stopped; ISO 8601. */
  readonly at: string;
  /** The product whose installer demanded the restart. */
  readonly product: string;
  readonly command: ResumableCommand;
  readonly names: readonly string[];
  /** The command's own options, but for answers; folders are absolute. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** Answers that are not secret, by the parameter's name. */
  readonly answers: Readonly<Record<string, string>>;
  /** Names of parameters whose answers are secret: they are asked for again. */
  readonly secrets: readonly string[];
  /** Addresses without user names and passwords. */
  readonly feeds: readonly string[];
  readonly mainFeed?: string;
  readonly language?: string;
  readonly offline?: boolean;
  /** Windows starts it by itself when somebody logs on. */
  readonly runOnce?: boolean;
}

/** Those that wait, oldest first; throws USAGE for a damaged file. */
export async function readWaiting(path: string): Promise<readonly Waiting[]> {
  const text = await readIfThere(path);
  if (text === undefined) return [];
  const value = parsed(text);
  if (isFile(value)) return value.waiting;
  throw new AppError('USAGE', `'${path}' is damaged: it does not tell what is to go on`, {
    hint: `Remove '${path}' and install again: what is installed already stays`,
  });
}

/** Adds one; the same installation is not kept twice. */
export async function keepWaiting(path: string, waiting: Waiting): Promise<void> {
  const others = (await readWaiting(path).catch(() => [])).filter((each) => !isSame(each, waiting));
  await writeFile(path, [...others, waiting]);
}

/** Takes one out; the file goes with the last one. */
export async function forgetWaiting(path: string, waiting: Waiting): Promise<void> {
  const others = (await readWaiting(path)).filter((each) => !isSame(each, waiting));
  if (others.length > 0) await writeFile(path, others);
  else await rm(path, { force: true });
}

async function writeFile(path: string, waiting: readonly Waiting[]): Promise<void> {
  await writeWhole(path, `${JSON.stringify({ resume: 1, waiting }, null, 2)}\n`, 0o600);
}

/** The same words; `--yes` and licences do not make another one of it. */
function isSame(one: Waiting, other: Waiting): boolean {
  const key = ({ command, names, options }: Waiting): string =>
    JSON.stringify([command, names, options['env'] ?? '', options['title'] ?? []]);
  return key(one) === key(other);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFile(value: unknown): value is { readonly waiting: readonly Waiting[] } {
  const { resume, waiting } = (value ?? {}) as { resume?: unknown; waiting?: unknown };
  return resume === 1 && Array.isArray(waiting) && waiting.every(isWaiting);
}

function isWaiting(value: unknown): boolean {
  const { at, product, command, names, options, answers, secrets, feeds } = (value ?? {}) as Partial<
    Record<keyof Waiting, unknown>
  >;
  return (
    [at, product].every((each) => typeof each === 'string') &&
    ['install', 'new', 'upgrade'].includes(String(command)) &&
    [names, secrets, feeds].every((list) => Array.isArray(list)) &&
    [options, answers].every((each) => typeof each === 'object' && each !== null)
  );
}
