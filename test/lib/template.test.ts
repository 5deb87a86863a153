import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, fillInPath } from '../../src/lib/template.js';

const values = new Map([
  ['Name', `O'Brien & "sons" <\\>`],
  ['Plain', 'shop'],
  ['Bad', 'a\u0000b'],
]);

test('a value is written as its file wants it', () => {
  assert.equal(
    fillIn('{"a": "@@Name@@"}', 'x.json', values),
    JSON.stringify({ a: values.get('Name') }).replace(':', ': '),
  );
  assert.equal(
    fillIn('<a b="@@Name@@"/>', 'web.config', values),
    '<a b="O&#39;Brien &amp; &quot;sons&quot; &lt;\\&gt;"/>',
  );
  assert.equal(fillIn("a = '@@Name@@'", 'x.py', values), `a = 'O\\'Brien & \\"sons\\" <\\\\>'`);
  assert.equal(fillIn('@@Plain@@-@@Plain@@ {{ Plain }}', 'README.md', values), 'shop-shop {{ Plain }}');
});

test('a name without a value, a control character and a path that climbs are refused', () => {
  assert.throws(() => fillIn('@@Nobody@@', 'a.txt', values), { code: 'SITE_INVALID' });
  assert.throws(() => fillIn('@@Bad@@', 'a.txt', values), { code: 'USAGE' });
  assert.equal(fillInPath('@@Plain@@/urls.py', values), 'shop/urls.py');
  assert.throws(() => fillInPath('@@Name@@/x', values), { code: 'USAGE' });
  assert.throws(() => fillInPath('@@Up@@/x', new Map([['Up', '..']])), { code: 'USAGE' });
});
