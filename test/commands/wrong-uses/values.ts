// Wrong uses: values that are empty, too long or half an address, names with a version where none is wanted, and paths with
// blanks in them, or that lead to what belongs to somebody.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pythonsHere } from '../../helpers/pythons.js';
import type { WrongUse } from '../../helpers/wrong-uses.js';
import { fileThere } from '../../helpers/wrong-uses.js';

const [python] = await pythonsHere();
const notes = fileThere('notes.txt', 'mine');

export const wrongValues: readonly WrongUse[] = [
  { type: 'list --root ""', code: 'USAGE', names: '--root' },
  { type: 'new Page ""', code: 'USAGE', names: 'empty' },
  { type: 'list --feed http://', code: 'USAGE', names: "'http://'", then: 'list --feed {beside}/feed.xml' },
  { type: 'probe notes.txt', about: 'a file of somebody', code: 'USAGE', names: 'notes.txt', given: notes },
  {
    type: 'probe notes.txt/probe.json',
    code: 'USAGE',
    names: 'notes.txt',
    given: notes,
    then: 'probe probe.json',
  },
  {
    type: 'plan Thing --env notes.txt',
    about: 'a file, and no environment',
    skip: python ? false : 'no Python here',
    programs: python ? { python3: python.path } : {},
    code: 'USAGE',
    names: 'notes.txt',
    given: notes,
    then: 'plan Thing --env fresh',
  },
  {
    type: `new Page shop --name ${'x'.repeat(70)}`,
    code: 'USAGE',
    names: '70',
    then: 'new Page shop {hint}',
  },
  { type: 'new Page shop --with Tool@7', code: 'CONFLICT', names: "'Tool@7'" },
  { type: 'new Page "my shop" --with Elsewhere', code: 'NO_INSTALLER', names: "'Elsewhere'" },
  {
    type: 'python --env "my shop" manage.py',
    code: 'PYTHON_FAILED',
    names: 'my shop',
    given: async ({ type }) => {
      await type('new Page "my shop"');
      return undefined;
    },
    ends: 'SITE_INVALID',
  },
  {
    type: 'list --feed "my feeds/feed.xml"',
    about: 'not well-formed',
    code: 'FEED_INVALID',
    names: 'my feeds/feed.xml',
    given: ({ zookit, write }) => {
      mkdirSync(join(zookit.work, 'my feeds'));
      write('my feeds/feed.xml', '<feed>');
      return undefined;
    },
    ends: 'FEED_INVALID',
  },
  { type: 'feed mirror built-in https://a.example/ https://b.example', code: 'USAGE', names: 'b.example' },
  { type: 'show Tool@1.0', code: 'PRODUCT_UNKNOWN', names: "'Tool@1.0'", then: 'show Tool' },
  { type: 'show "Thumb Nailer"', code: 'PRODUCT_UNKNOWN', names: "'Thumb Nailer'", then: 'show Thumbnailer' },
];
