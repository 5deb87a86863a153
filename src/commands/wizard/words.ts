// Comes in: what was chosen. Goes out: the words of the command that does it: these are run, and shown to be typed next
// time. No secret stands in them: the names of variables stand for those. Pure.
import { basename, join } from 'node:path';
import type { Parameter } from '../../types.js';
import type { Answers } from './flow.js';
import { parameterPage } from './flow.js';
import { projectName } from '../project-name.js';
import { isSecret, variableFor } from './questions.js';

export interface Chosen {
  readonly answers: Answers;
  /** The questions that were asked. */
  readonly questions: readonly Parameter[];
  /** An environment other than the default one. */
  readonly environment: string | undefined;
  /** Whether licences were accepted. */
  readonly licences: boolean;
}

export interface CommandWords {
  /** After `zookit`. */
  readonly words: readonly string[];
  /** What must be in the environment: secrets by the names of their variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The options of `new` that stand for parameters. */
const shortcuts: Readonly<Record<string, string>> = {
  ProjectName: '--name',
  Database: '--database',
  HostForm: '--host',
};

/** The command that the answers come to. */
export function wordsOf(chosen: Chosen): CommandWords {
  const { answers, licences } = chosen;
  const variables = secretsOf(chosen);
  const agreed = licences ? ['--yes', '--accept-eula'] : ['--yes'];
  const place = chosen.environment === undefined ? [] : ['--env', chosen.environment];
  switch (answers['start']) {
    case 'new':
      return { words: [...newWords(chosen), ...agreed], variables };
    case 'install': {
      return {
        words: [
          'install',
          ...productWords(answers, 'products'),
          ...place,
          ...parameterWords(chosen),
          ...agreed,
        ],
        variables,
      };
    }
    case 'upgrade':
      return { words: ['upgrade', ...productWords(answers, 'upgrade'), ...place, ...agreed], variables };
    case 'repair':
      return {
        words: ['verify', ...wordList(answers['repair']), ...place, '--repair', ...agreed],
        variables,
      };
    case 'uninstall':
      return { words: ['uninstall', ...wordList(answers['uninstall']), ...place, '--yes'], variables };
    default:
      return { words: [...bundleWords(chosen), ...(licences ? ['--accept-eula'] : [])], variables };
  }
}

function newWords({ answers, ...chosen }: Chosen): string[] {
  const folder = folderOf(answers);
  const iis = word(answers['iis']);
  return [
    'new',
    word(answers['template']),
    folder,
    ...productWords(answers, 'extras').flatMap((product) => ['--with', product]),
    ...(iis === '' ? [] : ['--iis', iis]),
    ...parameterWords({ answers, ...chosen }),
  ];
}

/** The folder as a word that is no option. */
export function folderOf(answers: Answers): string {
  const folder = word(answers['folder']);
  return folder.startsWith('-') ? join('.', folder) : folder;
}

function bundleWords({ answers, questions }: Chosen): string[] {
  const platforms = wordList(answers['platform']).flatMap((platform) => ['--platform', platform]);
  const python = word(answers['python']);
  const sign = word(answers['sign']);
  const form = answers['form'] === undefined ? ['runtime'] : wordList(answers['form']);
  return [
    ...['bundle', 'export', ...wordList(answers['bundle']), '--out', word(answers['out']), ...platforms],
    ...(python === '' || python === 'usual' ? [] : ['--python', python]),
    ...parameterWords({ answers, questions }),
    ...(form.includes('archive') ? ['--archive'] : []),
    ...(form.includes('runtime') ? [] : ['--no-runtime']),
    ...(sign === '' ? [] : ['--sign', sign]),
  ];
}

/** The products of a page, `Python@3.12` for those of which a version was chosen; what was only chosen comes first. */
export function productWords(answers: Answers, page: string): string[] {
  const chosen = choices(answers);
  const picked = wordList(answers[page]);
  const isPicked = (product: string): boolean =>
    picked.some((id) => id.toLowerCase() === product.toLowerCase());
  return [
    ...chosen.filter(([product]) => !isPicked(product)).map(([, word]) => word),
    ...picked.map((id) => chosen.find(([product]) => product.toLowerCase() === id.toLowerCase())?.[1] ?? id),
  ];
}

/** What was chosen instead of the usual, by product, as the word for it. */
function choices(answers: Answers): [string, string][] {
  return Object.entries(answers).flatMap(([page, answer]): [string, string][] => {
    const product = /^choice:(.+)$/.exec(page)?.[1];
    if (product === undefined || typeof answer !== 'string' || answer === 'usual') return [];
    return [[product, answer === 'any' ? product : `${product}@${answer}`]];
  });
}

/** Answers that are not what would be taken anyway. */
function parameterWords({ answers, questions }: Pick<Chosen, 'answers' | 'questions'>): string[] {
  return questions
    .filter((parameter) => !isSecret(parameter))
    .flatMap((parameter) => {
      const { name } = parameter;
      const answer = word(answers[parameterPage(name)]);
      if (answers[parameterPage(name)] === undefined || answer === standardFor(parameter, answers)) return [];
      const shortcut = answers['start'] === 'new' ? shortcuts[name] : undefined;
      return shortcut === undefined ? ['--param', `${name}=${answer}`] : [shortcut, answer];
    });
}

/** What a question is answered by when nobody says another: a project has the name of its folder. */
export function standardFor({ name, default: standard = '' }: Parameter, answers: Answers): string {
  const folder = word(answers['folder']);
  return name === 'ProjectName' && folder !== '' ? projectName(basename(folder)) : standard;
}

function secretsOf({ answers, questions }: Chosen): Record<string, string> {
  const secrets = questions.filter(isSecret).flatMap(({ name }) => {
    const answer = word(answers[parameterPage(name)]);
    return answer === '' ? [] : [[variableFor(name), answer] as const];
  });
  return Object.fromEntries(secrets);
}

function word(answer: Answers[string] | undefined): string {
  return typeof answer === 'string' ? answer : '';
}

export function wordList(answer: Answers[string] | undefined): readonly string[] {
  return answer === undefined ? [] : [answer].flat();
}
