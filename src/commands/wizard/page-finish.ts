// Comes in: what a command answered. Goes out: the last page: what is there now, where, what comes next; and the same as
// lines that stay on the terminal. Pure.
import type { AppError } from '../../errors.js';
import type { Page, Row } from '../../lib/page.js';
import { sizeText } from '../../lib/terminal.js';
import { plainLine, wrapped } from '../../lib/text-width.js';
import type { Ended } from './run.js';

export interface FinishPage {
  readonly title: string;
  readonly ended: Ended;
  /** The line to type next time. */
  readonly typed: string;
  /** Names of variables that it needs besides. */
  readonly variables: readonly string[];
  readonly log: string;
  readonly project?: string;
  /** Whether the project can be served. */
  readonly site: boolean;
}

/** What was said in an error, line by line. */
export function errorLines({ message, code, details, hint }: AppError): string[] {
  return [
    `error: ${message} (${code})`,
    ...details.map((line) => `  ${line}`),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
}

/** The lines of the finish. */
export function finishLines({ ended, typed, variables, log }: FinishPage): string[] {
  const { error, value } = ended;
  const restart = isRecord(value) && value['rebootRequired'] === true;
  return [
    ...(error ? errorLines(error) : []),
    ...stepLines(value),
    ...bundleLines(value),
    ...(restart ? ['A restart of the machine is needed to finish.'] : []),
    error ? 'The same as a command:' : 'The same again, as a command:',
    `  ${typed}`,
    ...variables.map((name) => `  with ${name} in the environment`),
    ...ended.next.filter((line) => line !== 'Done'),
    `Log: ${log}`,
  ];
}

/** The page; a file of answers that says nothing about it is at its end. */
export function finishPage(about: FinishPage, keys: boolean): Page {
  const { error } = about.ended;
  const rows: Row[] = [
    ...(about.site && !error ? [{ value: 'launch', label: 'Launch application in browser' }] : []),
    ...(error ? [{ value: 'again', label: 'Look at it again and try once more' }] : []),
    { value: 'start', label: 'To the start page' },
    { value: 'quit', label: 'Quit' },
  ];
  const lines = finishLines(about);
  return {
    id: 'finish',
    title: about.title,
    ask: error ? 'It could not be done.' : 'Done.',
    body: (width) => lines.flatMap((line) => (line === '' ? [''] : wrapped(plainLine(line), width, '    '))),
    first: true,
    question: { kind: 'one', rows, standard: keys && !error && about.site ? 'launch' : 'quit' },
  };
}

/** What became of the products, as the commands' JSON tells it: a line for each place. */
function stepLines(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const steps = listOf(value, 'steps').filter(({ status }) => status !== 'present');
  const gone = listOf(value, 'uninstalled').map((product) => ({ ...product, status: 'taken away' }));
  const seen = typeof value['digest'] === 'string' ? [] : listOf(value, 'products');
  const groups = new Map<string, string[]>();
  for (const { status, product, version, place } of [...steps, ...gone, ...seen] as StepLike[]) {
    const where = place === undefined || place === 'machine' ? '' : ` in ${place}`;
    const group = `${capital(status)}${where}:`;
    groups.set(group, [...(groups.get(group) ?? []), `${product} ${version}`.trimEnd()]);
  }
  const left = Array.isArray(value['left'])
    ? value['left'].map((line) => `Left behind: ${String(line)}`)
    : [];
  const lines = [...groups].map(([group, products]) => `${group} ${products.join(', ')}`);
  if (lines.length > 0 || left.length > 0) return [...lines, ...left];
  return Array.isArray(value['steps']) ? ['Everything was there already.'] : [];
}

interface StepLike {
  readonly status: string;
  readonly product: string;
  readonly version: string;
  readonly place?: string;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

/** What `bundle export` tells. */
function bundleLines(value: unknown): string[] {
  if (!isRecord(value) || typeof value['digest'] !== 'string') return [];
  const { path, files, bytes, digest, signer } = value;
  const sentences = ['needs', 'warnings']
    .flatMap((name) => value[name])
    .filter((each) => typeof each === 'string');
  return [
    `Written to ${String(path)}: ${String(files)} files, ${sizeText(Number(bytes))}`,
    'Digest of SHA256SUMS:',
    `  ${digest}`,
    ...(typeof signer === 'string' ? [`Signed by ${signer}`] : []),
    ...sentences,
  ];
}

function listOf(value: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const list = value[name];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
