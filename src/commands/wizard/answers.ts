// Comes in: a file of answers, or what was chosen. Goes out: the answers, or the file. JSON: the name of each page with
// its answer, as `wizard --record-answers` writes and `wizard --answers` reads it. Holds no secret.
import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../../errors.js';
import { writeWhole } from '../../lib/files.js';
import type { Answer, Page } from '../../lib/page.js';
import { nearestHint } from '../../lib/nearest.js';
import type { Answers } from './flow.js';
import { choicePage, ownPages, parameterPage } from './flow.js';

/** Reads a file of answers; throws USAGE. */
export async function readAnswers(path: string): Promise<Answers> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new AppError('USAGE', `The file of answers '${path}' cannot be read`, {
      details: [messageOf(error)],
      hint: 'Make one with `zookit wizard --record-answers FILE`',
      cause: error,
    });
  }
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  const wrong = entries === undefined ? 'the whole' : entries.find(([, answer]) => !isAnswer(answer))?.[0];
  if (wrong === undefined) {
    const unknown = Object.keys(value as Answers).find(
      (page) => !ownPages.includes(page) && !/^(param|choice):/.test(page),
    );
    if (unknown !== undefined) throw noPage(unknown, ownPages);
    return value as Answers;
  }
  throw new AppError('USAGE', `The file of answers '${path}' is no list of answers`, {
    details: [
      'Wanted one JSON object: names of pages, and for each a text or a list of texts',
      entries === undefined ? 'Found no object' : `Found something else for '${wrong}'`,
    ],
    hint: 'Make one with `zookit wizard --record-answers FILE`',
  });
}

/** Throws USAGE when a file answers a question that nobody asks, or chooses for a product that is none. */
export function refuseStrange(
  file: Answers,
  questions: readonly string[],
  products: readonly string[],
): void {
  const known = [...questions.map(parameterPage), ...products.map(choicePage)];
  const strange = Object.keys(file).find((page) => /^(param|choice):/.test(page) && !known.includes(page));
  if (strange === undefined) return;
  const kind = strange.slice(0, strange.indexOf(':') + 1);
  throw noPage(
    strange,
    known.filter((each) => each.startsWith(kind)),
  );
}

function noPage(name: string, known: readonly string[]): AppError {
  const some = known.length > 30 ? [...known.slice(0, 30), '...'] : known;
  return new AppError(
    'USAGE',
    `The file of answers says something for '${name}', and no page has that name`,
    {
      details: [some.length > 0 ? `Wanted one of ${some.join(', ')}` : 'No page of that kind is asked here'],
      hint: nearestHint(name, known, `Take \`"${name}"\` out of the file`),
    },
  );
}

function isAnswer(value: unknown): value is Answer {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string'))
  );
}

/** Writes what was chosen, whole or not at all. */
export function writeAnswers(path: string, answers: Answers): Promise<void> {
  return writeWhole(path, `${JSON.stringify(answers, null, 2)}\n`, 0o600);
}

/** What a file says to a page: its answer, else the usual one; throws USAGE for what the page does not offer. */
export function answerFrom(file: Answers, { id, ask, question, problem }: Page): Answer {
  const said = file[id];
  if (question.kind === 'text') {
    const answer = said === undefined ? question.standard : said;
    const wrong = typeof answer === 'string' ? (question.check?.(answer) ?? problem?.[0]) : 'Wanted one text';
    if (typeof answer === 'string' && wrong === undefined) return answer;
    throw refused(id, ask, wrong ?? '');
  }
  const offered = question.rows.map(({ value }) => value);
  if (question.kind === 'several') {
    const picked = said === undefined ? question.standard : [said].flat();
    const exact = picked.map((each) => offered.find((value) => sameName(value, each)) ?? each);
    const unknown = exact.find((each) => !offered.includes(each));
    if (unknown !== undefined) throw refused(id, ask, `'${unknown}' is not among ${offered.join(', ')}`);
    if (exact.length === 0 && question.emptyProblem !== undefined)
      throw refused(id, ask, `Wanted some of ${offered.join(', ')}`, 'Found nothing');
    return exact;
  }
  const wanted = said ?? question.standard;
  const fitting = typeof wanted === 'string' ? offered.find((value) => sameName(value, wanted)) : undefined;
  if (fitting !== undefined) return fitting;
  const found = [wanted ?? ''].flat().join(', ');
  throw refused(id, ask, `Wanted one of ${offered.join(', ')}`, `Found ${found || 'nothing'}`);
}

/** The error for a page whose answer leads back to one that was asked before. */
export function answerRefused(
  file: Answers,
  { id, ask, body, problem = [], question }: Page,
  again: string,
): AppError {
  const standard = question.kind === 'one' ? question.standard : undefined;
  const found = [file[id] ?? standard ?? ''].flat().join(', ');
  const others =
    question.kind === 'text' ? [] : question.rows.map(({ value }) => value).filter((each) => each !== found);
  const wanted = others.length === 0 ? [] : [`Wanted one of ${others.join(', ')}`];
  const lines = body(100).filter((line) => line !== '');
  return refused(id, ask, ...problem, ...lines, ...wanted, `Found ${found}, which leads back to '${again}'`);
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function refused(id: string, ask: string, ...wrong: readonly string[]): AppError {
  return new AppError('USAGE', `The file of answers has no answer to '${id}' that can be taken`, {
    details: [ask, ...wrong],
    hint: `Write \`"${id}"\` with one of the answers into the file`,
  });
}
