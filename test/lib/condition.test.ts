import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionHolds } from '../../src/lib/condition.js';

test('a condition holds for its values in any case, and * for any answer but an empty one', () => {
  assert.equal(conditionHolds(['postgresql', 'mysql'], 'MySQL'), true);
  assert.equal(conditionHolds(['postgresql'], 'sqlite'), false);
  assert.equal(conditionHolds(['postgresql'], undefined), false);
  assert.equal(conditionHolds(['*'], 'ann'), true);
  assert.equal(conditionHolds(['*'], ''), false);
});
