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

/** A package is a folder, and names of folders have 255 bytes in the usual file systems; its modules make more of it. */
const longest = 60;

function shortened(name: string): string {
  return name.length > longest ? `${name.slice(0, longest)}...` : name;
}

/** `My Shop!` becomes `my_shop`; a name that is taken gets `_site`. */
export function projectName(folder: string): string {
  const plain = folder
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const whole = /^[a-z]/.test(plain) ? plain : `site_${plain}`.replace(/_$/, '');
  const name = whole.slice(0, longest).replace(/_+$/, '');
  return taken.has(name) || keywords.has(name) ? `${name}_site` : name;
}

/** Throws USAGE for a name that was given and that Python cannot import, or that hides a module or a folder. */
export function checkProjectName(name: string): void {
  const plain = name.toLowerCase();
  const problem = !/^[a-z_][a-z0-9_]*$/.test(plain)
    ? 'it is not an identifier of Python'
    : plain.length > longest
      ? `it has ${plain.length} characters`
      : keywords.has(plain)
        ? 'it is a word of Python'
        : taken.has(plain)
          ? 'a module or a folder of a project has it'
          : undefined;
  if (problem === undefined) return;
  const wanted = `Wanted letters from a to z, digits and \`_\`, beginning with a letter, ${longest} at most`;
  throw new AppError('USAGE', `'${shortened(name)}' cannot be the name of a project: ${problem}`, {
    details: [taken.has(plain) ? 'Wanted a name that nothing else in the project has' : wanted],
    hint: `For example \`--name ${projectName(name)}\``,
  });
}
