import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestNames, typingErrors } from '../../src/lib/nearest.js';

test('typing errors are letters added, left out, replaced or swapped', () => {
  assert.equal(typingErrors('django', 'django', 3), 0);
  assert.equal(typingErrors('django', 'djagno', 3), 1);
  assert.equal(typingErrors('django', 'dango', 3), 1);
  assert.equal(typingErrors('django', 'djangoo', 3), 1);
  assert.equal(typingErrors('django', 'xjengo', 3), 2);
  assert.equal(typingErrors('django', 'python', 3), 4, 'more than the limit');
});

test('the nearest names come first; what is far is left out', () => {
  const names = ['Python', 'PythonWorkers', 'Django', 'DjangoProject', 'psycopg'];
  assert.deepEqual(nearestNames('Djagno', names), ['Django']);
  assert.deepEqual(nearestNames('pyton', names), ['Python']);
  assert.deepEqual(nearestNames('Pyth', names), ['Python', 'PythonWorkers']);
  assert.deepEqual(nearestNames('Wordpress', names), []);
});
