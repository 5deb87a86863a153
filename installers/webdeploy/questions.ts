// Comes in: a Web Deploy package's parameters. Goes out: the questions that Zookit asks for them, each after those that its
// default refers to. Asks nothing itself. Two questions are ours: the database engine, and the application's folder.
import type { QuestionsAbout } from '../../src/kind.js';
import { referencesIn } from '../../src/lib/references.js';
import type { AnswerRules, Parameter } from '../../src/types.js';
import { badPackage } from './document.js';
import { engineQuestion, enginesOf, packageEngines } from './engines.js';
import type { PackageParameter } from './parameters.js';
import { isSecret } from './values.js';

/** The name of the question for the folder that the application goes into. */
export const folderQuestion = 'PhysicalPath';

/** All questions of a package; throws INSTALLER_FAILED for defaults that refer to each other in a circle. */
export function questionsOf(
  parameters: readonly PackageParameter[],
  about: QuestionsAbout,
): readonly Parameter[] {
  const engine = engineQuestion(parameters);
  const application = parameters.find(isApplication);
  const questions = inOrder(parameters).flatMap((parameter): Parameter[] => {
    const question = questionOf(parameter, engine, about.installed !== undefined);
    if (parameter !== application) return [question];
    return [question, folderParameter(parameter, about)];
  });
  return engine === undefined ? questions : [engineParameter(engine, parameters), ...questions];
}

/** Whether a parameter is the application's place in IIS: `Default Web Site/blog`. */
export function isApplication({ tags }: Pick<PackageParameter, 'tags'>): boolean {
  return tags.includes('iisapp');
}

function questionOf(parameter: PackageParameter, engine: string | undefined, isUpgrade: boolean): Parameter {
  // The older version may be at another place than the one that the author thought of.
  const hasDefault = parameter.default !== undefined && !(isUpgrade && isApplication(parameter));
  const { name, title, description, tags, rules } = parameter;
  const engines = enginesOf(parameter);
  const choices = rules.choices?.map((value) => ({ value })) ?? [];
  return {
    name,
    title,
    type: isSecret(parameter) ? 'password' : choices.length > 0 ? 'choice' : 'text',
    ...(hasDefault ? { default: parameter.default } : {}),
    tags,
    choices,
    ...(description === '' ? {} : { description }),
    ...(engine === undefined || engines.length === 0 ? {} : { when: { parameter: engine, values: engines } }),
    rules: rulesOf(parameter),
  };
}

function rulesOf({ tags, rules, default: fallback = '' }: PackageParameter): AnswerRules {
  const isHidden = tags.includes('hidden');
  return {
    ...(rules.allowEmpty || isHidden ? {} : { required: true }),
    ...(rules.pattern === undefined || isHidden ? {} : { pattern: rules.pattern }),
    ...(tags.includes('new') && tags.includes('password') ? { confirm: true } : {}),
    ...(isHidden ? { hidden: true } : {}),
    ...(referencesIn(fallback).length > 0 ? { references: true } : {}),
  };
}

function engineParameter(name: string, parameters: readonly PackageParameter[]): Parameter {
  const engines = packageEngines(parameters);
  return {
    name,
    title: 'Database engine',
    type: 'choice',
    ...(engines[0] === undefined ? {} : { default: engines[0] }),
    tags: ['Database'],
    choices: engines.map((value) => ({ value })),
  };
}

/** On Windows IIS tells where a site's files lie; elsewhere somebody must. */
function folderParameter(
  { name }: PackageParameter,
  { platform, project, installed }: QuestionsAbout,
): Parameter {
  const folder = installed ?? project;
  const known = platform.os === 'windows' || folder !== undefined;
  return {
    name: folderQuestion,
    title: 'Folder of the application',
    type: 'folder',
    ...(known ? { default: folder ?? '' } : {}),
    tags: [],
    choices: [],
    rules: known ? { hidden: true } : { required: true, unlessSaid: name },
  };
}

/** The parameters in their order, but each after those that its default names. */
function inOrder(parameters: readonly PackageParameter[]): PackageParameter[] {
  const byName = new Map(parameters.map((parameter) => [parameter.name.toLowerCase(), parameter]));
  const done = new Set<PackageParameter>();
  const visit = (parameter: PackageParameter, way: readonly PackageParameter[]): void => {
    if (done.has(parameter)) return;
    if (way.includes(parameter))
      throw badPackage(`the defaults of its parameters refer to each other`, [
        [...way.slice(way.indexOf(parameter)), parameter].map(({ name }) => `'${name}'`).join(' -> '),
      ]);
    for (const reference of referencesIn(parameter.default ?? '')) {
      const other = byName.get(reference.toLowerCase());
      if (other) visit(other, [...way, parameter]);
    }
    done.add(parameter);
  };
  parameters.forEach((parameter) => visit(parameter, []));
  return [...done];
}
