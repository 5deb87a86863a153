import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyChains, whyLines } from '../../src/plan/explain.js';
import { resolve } from '../../src/plan/resolve.js';
import type { Catalog, Machine, Product } from '../../src/types.js';
import { failure, failureText, planWords } from '../helpers/plan-words.js';
import { catalogOf, installerOf, machineOf, requestFor } from '../helpers/world.js';

const text = (...lines: readonly string[]): string => lines.join('\n');

/** Django as feeds have it, and Pythons that are packages of the system. */
function djangoCatalog(): Catalog {
  const base = catalogOf(`
    Python 3.14.0 [python]
    Python 3.13.7 [python]
    Python 3.12.11 [python]
    Django 6.0.1 [env] Python@>=3.12
    Django 6.0 [env] Python@>=3.12
    Django 5.2.7 * [env] Python@>=3.10
    Django 5.1 [env] Python@>=3.10`);
  const python = base.products.get('python') as Product;
  const entries = python.entries.map((entry) => {
    const names = [`python${entry.version.split('.').slice(0, 2).join('.')}`];
    return { ...entry, installers: [installerOf({ kind: 'system', packages: [{ manager: 'apt', names }] })] };
  });
  return { ...base, products: new Map([...base.products, ['python', { ...python, entries }]]) };
}

const django = (wanted: string, present: string, changes: Partial<Machine> = {}) => ({
  ...requestFor(wanted, ''),
  catalog: djangoCatalog(),
  machine: machineOf(present, changes),
});

test('Django 6 where there is only Python 3.11: why, and what to type', () => {
  assert.equal(
    failureText(django('Django@6', 'Python@3.11.2')),
    text(
      "error: Cannot install 'Django@6' on linux-x64 (CONFLICT)",
      'Django 6.0.x needs Python >=3.12.',
      'This machine has Python 3.11.2, and nothing newer can be installed here: no package manager of this machine offers python3.14.',
      'hint: Take Django 5.2.7 with `zookit install Django@5.2`',
    ),
  );
  assert.equal(planWords(django('Django@5.2', 'Python@3.11.2')), 'Python@3.11.2! Django@5.2.7');
});

test('when no other version helps, the hint is what the machine lacks', () => {
  const offered = { systemPackages: new Set(['apt:python3.13']) };
  assert.equal(
    failureText(django('Django', 'Python@3.9.2', offered)),
    text(
      "error: Cannot install 'Django' on linux-x64 (CONFLICT)",
      'Django 6.0.x needs Python >=3.12.',
      'This machine has Python 3.9.2, and nothing newer can be installed here: it needs administrator rights (`sudo apt-get install python3.13`).',
      'Django 5.x needs Python >=3.10.',
      'hint: Run `sudo apt-get install python3.13`, then try again',
    ),
  );
});

test('an environment of another Python: the hint is one of its own', () => {
  const environment = { directory: '/site/.venv', python: { version: '3.9.2', path: '/p' } };
  assert.equal(
    failureText(django('Django', 'Python@3.9.2 Python@3.13.1', { environment })),
    text(
      "error: Cannot install 'Django' on linux-x64 (CONFLICT)",
      'Django 6.0.x needs Python >=3.12, and the environment /site/.venv is made with Python 3.9.2.',
      'Django 5.x needs Python >=3.10, and the environment /site/.venv is made with Python 3.9.2.',
      'hint: Use an environment of its own with `zookit install Django --env DIR`',
    ),
  );
});

test('two products that do not go together', () => {
  const request = requestFor('A C', 'A 1 B@^1\nC 2 B@^2\nB 1\nB 2');
  assert.equal(
    failureText(request),
    text(
      "error: Cannot install 'A' and 'C' together on linux-x64 (CONFLICT)",
      'A 1 needs B ^1.',
      'C 2 needs B ^2.',
      "hint: Leave out 'C': `zookit install A`",
    ),
  );
});

test('only what is to blame is named', () => {
  const { message, details } = failure(requestFor('X A C', 'X 1 Y\nY 1\nA 1 B@^1\nC 2 B@^2\nB 1\nB 2'));
  assert.equal(message, "Cannot install 'A' and 'C' together on linux-x64");
  assert.doesNotMatch(details.join(), /[XY]/);
});

test('branches that all fail are told one by one', () => {
  assert.equal(
    failureText(requestFor('Blank', 'Blank 1 (P1|P2)\nP1 1 -\nP2 1 Runtime')),
    text(
      "error: Cannot install 'Blank' on linux-x64 (CONFLICT)",
      'Blank 1 needs P1 or P2.',
      'P1 1 cannot be installed here: its feed can only detect it, not install it.',
      "P2 1 needs 'Runtime', which no feed declares.",
      "hint: Add a feed that declares 'Runtime' with `zookit feed add URL`",
    ),
  );
});

test('the code tells what alone is to blame', () => {
  const code = (wanted: string, world: string, present = ''): string =>
    failure(requestFor(wanted, world, present)).code;
  assert.equal(code('A', 'A 1 -'), 'NO_INSTALLER');
  assert.equal(code('A', 'A 1 B\nB 1 -'), 'NO_INSTALLER');
  assert.equal(code('A@2', 'A 1\nA 2 -'), 'NO_INSTALLER');
  assert.equal(code('A@3', 'A 1\nA 2 -'), 'CONFLICT');
  assert.equal(code('A', 'A 1 Missing'), 'PRODUCT_UNKNOWN');
  assert.equal(code('A', 'A 1 B@2\nB 1'), 'CONFLICT');
  assert.equal(code('A', 'A 1 B\nA 2 Missing\nB 1 -'), 'CONFLICT');
});

test('an unknown product is answered with the nearest names', () => {
  const unknown = (wanted: string): string => {
    const { code, message, hint } = failure(django(wanted, ''));
    return `${code}: ${message}; ${hint ?? ''}`;
  };
  assert.equal(unknown('Djagno'), "PRODUCT_UNKNOWN: No feed has 'Djagno'; Did you mean 'Django'?");
  assert.match(unknown('Wordpress'), /zookit list/);
  assert.match(unknown('Wordpress Drupal'), /'Wordpress' and 'Drupal'/);
});

test('an incompatible product that is installed can be removed', () => {
  const { details, hint } = failure(requestFor('A', 'A 1 C\nC 1 !B\nB 1', 'B@1'));
  assert.deepEqual(details, ['A 1 needs C.', 'C 1 does not go together with B, which is installed.']);
  assert.equal(hint, 'Remove B first with `zookit uninstall B`');
});

test('a range that nothing fits tells what there is', () => {
  const { details } = failure(requestFor('A@9', 'A 1\nA 2', 'A@0.5'));
  assert.deepEqual(details, ['This machine has A 0.5, and feeds offer 1 and 2.']);
});

test('why tells every chain from what was asked', () => {
  const plan = resolve(
    requestFor('Site Lib', 'Site 1 Web Python\nWeb 2 (Lib|Other)\nLib 3 Python\nPython 3.13'),
  );
  assert.deepEqual(whyLines(plan, 'python'), [
    'Site 1 (asked) -> Python 3.13',
    'Lib 3 (asked) -> Python 3.13',
  ]);
  assert.deepEqual(whyLines(plan, 'Lib'), ['Lib 3 (asked)', 'Site 1 (asked) -> Web 2 -> Lib 3']);
  assert.deepEqual(whyLines(plan, 'Other'), []);
  assert.deepEqual(
    whyChains(plan, 'Web').map((chain) => chain.map(({ product }) => product)),
    [['Site', 'Web']],
  );
});
