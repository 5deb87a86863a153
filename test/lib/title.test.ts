import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown } from '../../src/lib/title.js';

test('values of answers and passwords of addresses are not shown, all else is', () => {
  assert.deepEqual(
    shown(['new', 'Shop', 'DIR', '--param', 'DbPassword=a=b\nc', '--param=AdminPassword=x', '--yes']),
    [...['new', 'Shop', 'DIR', '--param', 'DbPassword=...', '--param=AdminPassword=...', '--yes']],
  );
  assert.deepEqual(shown(['/Install', '/SQLPassword:x', '/MySQLPassword:x y']), [
    ...['/Install', '/SQLPassword:...', '/MySQLPassword:...'],
  ]);
  assert.deepEqual(shown(['/SQLPassword:', 'secret', '/MySQLPassword', 'secret', '/AcceptEula']), [
    ...['/SQLPassword:...', '...', '/MySQLPassword', '...', '/AcceptEula'],
  ]);
  assert.deepEqual(shown(['--feed', 'https://me:secret@x.test/feed.xml']), [
    '--feed',
    'https://x.test/feed.xml',
  ]);
});
