// What installing a product may touch, and what its answers bring along.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { reachable, withAnswers } from '../../src/catalog/reach.js';
import type { Dependency, Parameter } from '../../src/types.js';
import { all, any, entryOf, feedOf } from '../helpers/feeds.js';

const database: Parameter = {
  name: 'Database',
  type: 'choice',
  title: 'Database',
  default: 'sqlite',
  tags: [],
  choices: [
    { value: 'sqlite' },
    { value: 'postgresql', product: 'psycopg', range: '>=3' },
    { value: 'mysql', product: 'PyMySQL' },
  ],
};
const pool: Parameter = {
  name: 'Pool',
  type: 'choice',
  title: 'Pool',
  default: 'yes',
  tags: [],
  choices: [{ value: 'yes', product: 'Pooler' }, { value: 'no' }],
  when: { parameter: 'database', values: ['postgresql'] },
};

const catalog = buildCatalog([
  feedOf('/a', [
    entryOf('Site', '1', { dependency: all('Django'), parameters: [database, pool] }),
    entryOf('Site', '2', { parameters: [database] }),
    entryOf('Django', '5', { dependency: any('Python', { kind: 'product', id: 'Jython', os: 'linux' }) }),
    entryOf('Django', '6', { dependency: all('sqlparse', 'Unknown') }),
    entryOf('sqlparse', '1', { dependency: all('Django') }),
    entryOf('Python', '3', { aliases: ['CPython'] }),
    ...['Jython', 'psycopg', 'PyMySQL', 'Pooler', 'Apart'].map((id) => entryOf(id, '1')),
  ]),
]);

test('everything that any version, branch, system or choice may bring', () => {
  assert.deepEqual([...reachable(catalog, ['SITE'])].sort(), [
    'django',
    'jython',
    'pooler',
    'psycopg',
    'pymysql',
    'python',
    'site',
    'sqlparse',
  ]);
  assert.deepEqual([...reachable(catalog, ['cpython', 'Nowhere'])], ['python']);
});

function needs(answers: Readonly<Record<string, string>>): (Dependency | undefined)[] | undefined {
  const answered = withAnswers(catalog, 'site', new Map(Object.entries(answers)));
  return answered.products.get('site')?.entries.map((entry) => entry.dependency);
}

const django: Dependency = { kind: 'product', id: 'Django' };
const psycopg: Dependency = { kind: 'product', id: 'psycopg', range: '>=3' };
const pooler: Dependency = { kind: 'product', id: 'Pooler' };

test('a default that brings nothing changes nothing', () => {
  assert.deepEqual(needs({}), [all('Django'), undefined]);
});

test('an answer brings its product, and questions that hang on it bring theirs', () => {
  assert.deepEqual(needs({ DATABASE: 'postgresql' }), [
    { kind: 'all', of: [all('Django'), psycopg, pooler] },
    psycopg,
  ]);
  assert.deepEqual(needs({ Database: 'postgresql', Pool: 'no' }), [
    { kind: 'all', of: [all('Django'), psycopg] },
    psycopg,
  ]);
});

test('a question that is not asked brings nothing, whatever was answered', () => {
  const pymysql = { kind: 'product', id: 'PyMySQL' };
  assert.deepEqual(needs({ Database: 'mysql', Pool: 'yes' }), [
    { kind: 'all', of: [all(django), pymysql] },
    pymysql,
  ]);
});

test('the catalog that was given stays as it was', () => {
  withAnswers(catalog, 'Site', new Map([['Database', 'mysql']]));
  assert.deepEqual(catalog.products.get('site')?.entries[0]?.dependency, all('Django'));
  assert.equal(withAnswers(catalog, 'Nowhere', new Map()), catalog);
});

test('conditions in a circle never hold', () => {
  const circle = ['One', 'Two'].map((name, index): Parameter => ({
    ...pool,
    name,
    when: { parameter: index === 0 ? 'Two' : 'One', values: ['yes'] },
  }));
  const feed = feedOf('/a', [entryOf('A', '1', { parameters: circle }), entryOf('Pooler', '1')]);
  const answered = withAnswers(buildCatalog([feed]), 'A', new Map([['One', 'yes']]));
  assert.equal(answered.products.get('a')?.entries[0]?.dependency, undefined);
});
