// Which addresses reach the program that opens a browser: plain ones of http, with a path at most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openInBrowser } from '../../src/lib/browser.js';
import { recordedRun } from '../helpers/recorded-run.js';

test('only addresses that no program takes for more are opened', async () => {
  const { run, commands } = recordedRun({ '': {} });
  const good = [
    'http://127.0.0.1:8000/',
    'http://localhost/my%20shop/',
    'https://[::1]:8443/a/b.c',
    'http://a',
  ];
  const bad = ['file:///etc/passwd', 'http://a/?x=1&y=2', 'http://a/"b', 'http://a b/', 'calc.exe', '--help'];
  for (const url of [...good, ...bad]) await openInBrowser(url, run);
  assert.deepEqual(
    commands.map((line) => line.split(' ').at(-1)),
    good,
  );
  // A bare name would be looked for in the current folder first.
  await openInBrowser('http://a', run, 'win32');
  assert.match(
    commands.at(-1) ?? '',
    /^\S+\\System32\\rundll32\.exe url\.dll,FileProtocolHandler http:\/\/a$/i,
  );
});
