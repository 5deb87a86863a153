// Comes in: a folder's name. Goes out: a name that Python can import and that hides no module a project uses. Pure.
import { AppError } from '../errors.js';

/** Modules and folders that a project of that name would hide or collide with. */
const taken = new Set([
  ...[
    'django',
    'flask',
    'test',
    'tests',
    'site',
    'code',
    'json',
    'logging',
    'static',
    'media',
    'data',
    'log',
    'wsgi',
  ],
  ...[
    'deploy',
    'manage',
    'app',
    'start',
    'welcome',
    'home',
    'pip',
    'waitress',
    'psycopg',
    'email',
    'http',
    'types',
    'os',
    'sys',
    'sqlparse',
    'asgiref',
  ],
]);

const keywords = new Set(
  (
    'false none true and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield match case type'
  ).split(' '),
);

/** `My Shop!` becomes `my_shop`; a name that is taken gets `_site`. */
export function projectName(folder: string): string {
  const plain = folder
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const name = /^[a-z]/.test(plain) ? plain : `site_${plain}`.replace(/_$/, '');
  return taken.has(name) || keywords.has(name) ? `${name}_site` : name;
}

/** Throws USAGE for a name that was given and that Python cannot import, or that hides a module or a folder. */
export function checkProjectName(name: string): void {
  const plain = name.toLowerCase();
  const problem = !/^[a-z_][a-z0-9_]*$/.test(plain)
    ? 'it is not an identifier of Python'
    : keywords.has(plain)
      ? 'it is a word of Python'
      : taken.has(plain)
        ? 'a module or a folder of a project has it'
        : undefined;
  if (problem === undefined) return;
  throw new AppError('USAGE', `'${name}' cannot be the name of a project: ${problem}`, {
    details: ['Wanted letters, digits and `_`, beginning with a letter'],
    hint: `For example \`--name ${projectName(name)}\``,
  });
}
