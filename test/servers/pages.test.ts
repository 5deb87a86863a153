// What the deeper pages tell to type is typed here: each page from its first line to its last, in a world of its own.
import { test } from 'node:test';
import { typePage } from '../helpers/page-run.js';

const skip = process.platform === 'win32' && 'the pages are written for a shell of POSIX';

for (const page of [
  'feed/README.md',
  'feed/webpi.md',
  'templates/README.md',
  'templates/iis.md',
  'templates/offline.md',
])
  test(`${page}: every line does what it says`, { skip }, (context) => typePage(context, page));
