// The names of projects: what is made of a folder's name, and what is refused when it is given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProjectName, projectName } from '../../src/commands/project-name.js';
import { AppError } from '../../src/errors.js';

const made: readonly (readonly [folder: string, name: string])[] = [
  ['My Shop!', 'my_shop'],
  ['Läden äöü', 'laden_aou'],
  ['1-2', 'site_1_2'],
  ['🦄', 'site_site'],
  ['django', 'django_site'],
  ['class', 'class_site'],
];

for (const [folder, name] of made)
  test(`'${folder}' becomes '${name}'`, () => {
    assert.equal(projectName(folder), name);
    assert.doesNotThrow(() => checkProjectName(name));
  });

for (const name of ['1-2', 'class', 'True', 'waitress', 'os', 'Django', 'a b', ''])
  test(`'${name}' is refused, with one that may be taken`, () => {
    assert.throws(
      () => checkProjectName(name),
      (error) =>
        error instanceof AppError &&
        error.code === 'USAGE' &&
        (error.hint ?? '').includes(`--name ${projectName(name)}`),
    );
  });

test('capitals and underscores are names of Python', () => {
  for (const name of ['Shop', '_shop', 'shop2']) assert.doesNotThrow(() => checkProjectName(name));
});
