// Comes in: what a command answered. Goes out: the last page: what is there now, where, what comes next; and the same as
// lines that stay on the terminal. Pure.
import type { AppError } from '../errors.js';
import type { Page, Row } from '../lib/page.js';
import { plainLine, wrapped } from '../lib/text-width.js';
import type { Ended } from './wizard-run.js';

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
  /** Sentences of the feeds: how to go on. */
  readonly next: readonly string[];
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
export function finishLines({ ended, typed, variables, log, project, next }: FinishPage): string[] {
  const { error, value } = ended;
  const restart = isRecord(value) && value['rebootRequired'] === true;
  return [
    ...(error ? [...errorLines(error), ''] : []),
    ...stepLines(value),
    ...(project === undefined || error ? [] : [`The project is in ${project}`]),
    ...bundleLines(value),
    ...(restart ? ['A restart of the machine is needed to finish.'] : []),
    ...next,
    `Log: ${log}`,
    '',
    error ? 'The same as a command:' : 'The same again, as a command:',
    `  ${typed}`,
    ...variables.map((name) => `  with ${name} in the environment`),
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

/** What became of each product, as the commands' JSON tells it. */
function stepLines(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const steps = listOf(value, 'steps').filter(({ status }) => status !== 'present');
  const lines = steps.map(({ status, product, version, place }) => {
    const where = place === 'machine' ? '' : `   in ${String(place)}`;
    return `${word(status)}  ${String(product)} ${String(version)}${where}`;
  });
  const gone = listOf(value, 'uninstalled').map(
    ({ product, version }) => `taken away  ${String(product)} ${String(version)}`,
  );
  const seen = listOf(value, 'products').map(
    ({ product, version, status }) => `${word(status)}  ${String(product)} ${String(version)}`,
  );
  const left = Array.isArray(value['left'])
    ? value['left'].map((line) => `Left behind: ${String(line)}`)
    : [];
  const all = [...lines, ...gone, ...seen, ...left];
  return all.length > 0 ? all : Array.isArray(value['steps']) ? ['Everything was there already.'] : [];
}

/** What `bundle export` tells. */
function bundleLines(value: unknown): string[] {
  if (!isRecord(value) || typeof value['digest'] !== 'string') return [];
  const sentences = ['needs', 'warnings']
    .flatMap((name) => value[name])
    .filter((each) => typeof each === 'string');
  return [`Written to ${String(value['path'])}`, `Digest of SHA256SUMS: ${value['digest']}`, ...sentences];
}

function word(status: unknown): string {
  return String(status).padEnd(9);
}

function listOf(value: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const list = value[name];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
