// Wrong uses: what the machine does not give. Roots, rights, room, Pythons, and files that are not what they should be.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfies } from '../../../src/lib/version.js';
import { tree } from '../../helpers/folder.js';
import { pythonsHere } from '../../helpers/pythons.js';
import { withoutDisks } from '../../helpers/small-disk.js';
import { anotherUser } from '../../helpers/user.js';
import type { Place, WrongUse } from '../../helpers/wrong-uses.js';
import { fileThere } from '../../helpers/wrong-uses.js';

const other = await anotherUser();
const withoutOther = other ? false : 'cannot become another user';
const pythons = await pythonsHere();
const old = pythons.find(({ version }) => satisfies(version, '3.8'));

export const wrongMachines: readonly WrongUse[] = [
  {
    type: 'install Tool --root {work}/file',
    code: 'USAGE',
    names: '{work}/file',
    given: fileThere('file', 'a file'),
    then: 'install Tool --root {work}/folder',
  },
  {
    type: 'install Tool --root {work}/file/below',
    code: 'USAGE',
    names: '{work}/file/below',
    given: fileThere('file', 'a file'),
    then: 'install Tool --root {work}/folder',
  },
  {
    type: 'install Tool',
    about: 'a root of somebody else',
    skip: withoutOther,
    ...(other ? { as: other } : {}),
    code: 'NEEDS_ADMIN',
    names: '{root}',
    given: (place) => closedRoot(place),
    then: 'install Tool {hint}',
    where: { DIR: '{work}/own' },
  },
  {
    type: 'uninstall Tool --yes',
    about: 'a root of somebody else',
    skip: withoutOther,
    ...(other ? { as: other } : {}),
    code: 'NEEDS_ADMIN',
    names: '{root}',
    given: async (place) => {
      await place.type('install Tool');
      closedRoot(place);
    },
    then: 'list --root {work}/own',
  },
  {
    type: 'install Tool --root {beside}/disk',
    about: 'a read-only disk',
    skip: withoutDisks,
    code: 'NEEDS_ADMIN',
    names: '{beside}/disk',
    given: ({ mount, beside }) => {
      const disk = mount(join(beside, 'disk'), 1024);
      disk.readOnly(true);
      return { mend: () => disk.readOnly(false) };
    },
  },
  {
    type: 'install Tool --root {beside}/disk',
    about: 'a full disk',
    skip: withoutDisks,
    code: 'DISK_FULL',
    names: '{beside}/disk',
    given: ({ mount, beside }) => {
      const disk = mount(join(beside, 'disk'), 4);
      writeFileSync(join(beside, 'disk', 'full'), Buffer.alloc(4096));
      return { mend: () => disk.resize(1024) };
    },
  },
  {
    type: 'new Page {beside}/disk/shop',
    about: 'a full disk for the project',
    skip: withoutDisks,
    code: 'DISK_FULL',
    names: '{beside}/disk/shop',
    given: ({ mount, beside }) => {
      const disk = mount(join(beside, 'disk'), 4);
      writeFileSync(join(beside, 'disk', 'full'), Buffer.alloc(4096));
      return { mend: () => disk.resize(1024) };
    },
  },
  {
    type: 'install Swapped',
    code: 'HASH_MISMATCH',
    names: "'Swapped'",
    then: 'feed check {beside}/feed.xml',
    ends: 'FEED_INVALID',
  },
  { type: 'install Missing', code: 'DOWNLOAD_FAILED', names: 'missing.zip', then: 'list' },
  { type: 'install Climbing', code: 'INSTALLER_FAILED', names: 'climbing.zip', then: 'list' },
  { type: 'install Text', code: 'INSTALLER_FAILED', names: 'text.zip', then: 'list' },
  {
    type: 'cache verify',
    about: 'a kept file was changed',
    code: 'HASH_MISMATCH',
    names: 'cache',
    given: async ({ type, zookit }) => {
      await type('install Tool');
      damageCache(zookit.root);
      return {};
    },
    then: 'cache verify',
  },
  {
    type: 'install Thing',
    about: 'the only Python is 3.8',
    skip: old ? false : 'no Python 3.8 here',
    programs: old ? { python3: old.path } : {},
    code: 'CONFLICT',
    names: '3.8',
    then: 'list',
  },
  {
    type: 'install Django',
    about: 'no Python on PATH, and none comes along',
    builtIn: true,
    skip: process.platform === 'linux' ? false : 'one comes along',
    code: 'NO_INSTALLER',
    names: "'Django'",
    then: 'list',
  },
];

function closedRoot({ zookit }: Place): undefined {
  mkdirSync(zookit.root, { recursive: true });
  for (const folder of [zookit.folder, zookit.root]) chmodSync(folder, 0o755);
  for (const name of ['home', 'temporary', 'work']) chmodSync(join(zookit.folder, name), 0o777);
  chmodSync(zookit.root, 0o755);
}

/** The first kept file becomes another one. */
function damageCache(root: string): void {
  const file = tree(join(root, 'cache')).find((name) => name.endsWith('.zip')) ?? '';
  writeFileSync(join(root, 'cache', file), 'another file');
}
