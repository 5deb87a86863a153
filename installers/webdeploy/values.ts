// Comes in: a Web Deploy package's parameters and what was answered. Goes out: the value of each parameter that counts.
// Hidden ones are computed. Pure; shows no value: it may be a password.
import { AppError } from '../../src/errors.js';
import { filledReferences, referencesIn } from '../../src/lib/references.js';
import { badPackage } from './document.js';
import { chosenEngine, isForEngine } from './engines.js';
import type { PackageParameter } from './parameters.js';

/** A parameter with its value. */
export interface ParameterValue {
  readonly parameter: PackageParameter;
  readonly value: string;
  readonly secret: boolean;
}

export interface PackageValues {
  readonly engine: string | undefined;
  /** Those that count, in the package's order. */
  readonly values: readonly ParameterValue[];
}

/** The values of a package; throws USAGE for one that is missing or that no file and no command may hold. */
export function packageValues(
  parameters: readonly PackageParameter[],
  answers: ReadonlyMap<string, string>,
): PackageValues {
  const engine = chosenEngine(parameters, answers);
  const counting = parameters.filter((parameter) => isForEngine(parameter, engine));
  const known = new Map<string, string>();
  for (const { name } of parameters) known.set(name.toLowerCase(), answers.get(name) ?? '');
  const values = new Map<PackageParameter, string>();
  const visit = (parameter: PackageParameter, way: readonly PackageParameter[]): void => {
    if (values.has(parameter)) return;
    if (way.includes(parameter)) throw badPackage('the defaults of its parameters refer to each other');
    const answer = answers.get(parameter.name) ?? computed(parameter, [...way, parameter]);
    values.set(parameter, refuseControl(parameter, answer));
    known.set(parameter.name.toLowerCase(), answer);
  };
  const computed = (parameter: PackageParameter, way: readonly PackageParameter[]): string => {
    const { default: text } = parameter;
    if (text === undefined && !parameter.rules.allowEmpty) throw missing(parameter);
    for (const reference of referencesIn(text ?? '')) {
      const other = counting.find(({ name }) => name.toLowerCase() === reference.toLowerCase());
      if (other) visit(other, way);
    }
    return filledReferences(text ?? '', known);
  };
  counting.forEach((parameter) => visit(parameter, []));
  const secrets = [...values].filter(([parameter]) => isSecret(parameter)).map(([, value]) => value);
  return {
    engine,
    values: [...values].map(([parameter, value]) => ({
      parameter,
      value,
      // A connection string holds the password that it was made of.
      secret: isSecret(parameter) || secrets.some((each) => each !== '' && value.includes(each)),
    })),
  };
}

/** The value of the first parameter with one of these tags (lower case). */
export function valueByTag({ values }: PackageValues, ...tags: readonly string[]): string | undefined {
  return values.find(({ parameter }) => tags.some((tag) => parameter.tags.includes(tag)))?.value;
}

/** Whether a parameter's value may be shown to nobody. */
export function isSecret({ tags }: Pick<PackageParameter, 'tags'>): boolean {
  return tags.some((tag) => tag.includes('password') || tag.endsWith('connectionstring'));
}

/** A value with a line break could add lines to settings, or words to a command. */
function refuseControl({ name }: PackageParameter, value: string): string {
  if (!/\p{Cc}/u.test(value)) return value;
  throw new AppError(
    'USAGE',
    `The value of '${name}' holds a control character, which no file of an application may`,
    {
      hint: `Give another one with \`--param "${name}=VALUE"\``,
    },
  );
}

function missing({ name, title }: PackageParameter): AppError {
  return new AppError('USAGE', `The Web Deploy package needs a value for '${name}' (${title})`, {
    hint: `Give it with \`--param "${name}=VALUE"\``,
  });
}
