// Wrong uses: bundles that are damaged, signed by somebody else or for another machine; keys and targets that are none.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place, WrongUse } from '../../helpers/wrong-uses.js';
import { fileThere } from '../../helpers/wrong-uses.js';
import { makeBundle, newKey, toolParts } from '../../helpers/small-bundle.js';

const fingerprint = `SHA256:${'0'.repeat(64)}`;

/** A bundle in the working folder, whole. */
const bundled = async ({ zookit }: Place): Promise<undefined> => {
  await makeBundle(join(zookit.work, 'bundle'), toolParts());
};

/** The same after somebody was at it; copied anew it is whole. */
const spoilt =
  (spoil: (folder: string) => void, key?: string) =>
  async ({ zookit }: Place): Promise<{ mend: () => Promise<void> }> => {
    const folder = join(zookit.work, 'bundle');
    const parts = { ...toolParts(), ...(key === undefined ? {} : { key }) };
    await makeBundle(folder, parts);
    spoil(folder);
    return {
      mend: async () => {
        rmSync(folder, { recursive: true });
        await makeBundle(folder, parts);
      },
    };
  };

export const wrongBundles: readonly WrongUse[] = [
  {
    builtIn: true,
    type: 'install Tool --bundle nowhere',
    code: 'BUNDLE_INVALID',
    names: 'nowhere',
    then: 'bundle --help',
  },
  {
    builtIn: true,
    type: 'install Tool --bundle folder',
    code: 'BUNDLE_INVALID',
    names: 'folder',
    given: ({ zookit }) => {
      mkdirSync(join(zookit.work, 'folder'));
      return undefined;
    },
    then: 'bundle --help',
  },
  {
    builtIn: true,
    type: 'install Tool --bundle text.zip',
    code: 'BUNDLE_INVALID',
    names: 'text.zip',
    given: fileThere('text.zip', 'no archive'),
    then: 'bundle --help',
  },
  {
    builtIn: true,
    type: 'install Tool --bundle bundle',
    about: 'a file was changed',
    code: 'BUNDLE_INVALID',
    names: 'feed/feed.xml',
    given: spoilt((folder) => appendFileSync(join(folder, 'feed', 'feed.xml'), ' ')),
  },
  {
    builtIn: true,
    type: 'install Tool --bundle bundle',
    about: 'a file was added',
    code: 'BUNDLE_INVALID',
    names: 'more.exe',
    given: spoilt((folder) => writeFileSync(join(folder, 'more.exe'), 'more')),
  },
  {
    builtIn: true,
    type: 'install Tool --bundle bundle',
    about: 'a file is missing',
    code: 'BUNDLE_INVALID',
    names: 'feed/feed.xml',
    given: spoilt((folder) => rmSync(join(folder, 'feed', 'feed.xml'))),
  },
  {
    type: 'bundle verify bundle',
    about: 'its list was cut off',
    code: 'BUNDLE_INVALID',
    names: 'SHA256SUMS',
    given: spoilt((folder) => writeFileSync(join(folder, 'SHA256SUMS'), 'abc  feed/feed.xml\n')),
  },
  {
    type: 'bundle verify bundle --key ABC',
    code: 'USAGE',
    names: "'ABC'",
    given: bundled,
    then: 'bundle verify bundle',
  },
  {
    type: `bundle verify bundle --key ${fingerprint}`,
    code: 'SIGNATURE_INVALID',
    names: 'bundle',
    given: bundled,
    then: 'bundle verify bundle',
  },
  {
    builtIn: true,
    type: `install Tool --bundle bundle --key ${fingerprint}`,
    about: 'signed by another key',
    code: 'SIGNATURE_INVALID',
    names: 'another key',
    given: async ({ zookit }) => {
      const key = newKey();
      const { fingerprint: own = '' } = await makeBundle(join(zookit.work, 'bundle'), {
        ...toolParts(),
        key,
      });
      return { values: { own } };
    },
    then: 'bundle verify bundle --key {own}',
  },
  {
    builtIn: true,
    type: 'install Tool --bundle bundle',
    about: 'for another machine',
    code: 'NO_INSTALLER',
    names: 'bundle',
    given: async ({ zookit }) => {
      const platform = { os: 'windows', arch: 'arm64', osVersion: '10.0' } as const;
      await makeBundle(join(zookit.work, 'bundle'), { ...toolParts(), platform });
      return {};
    },
    then: 'bundle list bundle',
  },
  {
    builtIn: true,
    type: 'install Lib --bundle bundle',
    code: 'PRODUCT_UNKNOWN',
    names: "'Lib'",
    given: bundled,
    then: 'bundle list bundle',
  },
  { type: 'bundle verify', code: 'USAGE', names: 'bundle verify', given: bundled, where: { PATH: 'bundle' } },
  {
    type: 'bundle list one two',
    code: 'USAGE',
    names: 'bundle list',
    given: bundled,
    where: { PATH: 'bundle' },
  },
  {
    type: 'bundle export',
    code: 'USAGE',
    names: 'bundle export',
    then: 'bundle export Tool --no-runtime --out b',
  },
  {
    type: 'bundle export Tool',
    code: 'USAGE',
    names: 'bundle export',
    then: 'bundle export Tool --no-runtime --out b',
  },
  {
    type: 'bundle export Nonsense --no-runtime --out b',
    code: 'PRODUCT_UNKNOWN',
    names: "'Nonsense'",
    then: 'list',
  },
  {
    type: 'bundle export Tool --no-runtime --out b --python 2',
    code: 'USAGE',
    names: "'2'",
    then: 'bundle export Tool --no-runtime --out b {hint}',
  },
  {
    type: 'bundle export Tool --no-runtime --out b --platform atari',
    code: 'USAGE',
    names: "'atari'",
    then: 'bundle export Tool --no-runtime --out b {hint}',
  },
  {
    type: 'bundle export Tool --no-runtime --out b --sign none.key',
    code: 'USAGE',
    names: 'none.key',
    given: ({ type }) => ({ mend: () => type('feed keygen none.key') }),
  },
  {
    type: 'bundle export Tool --no-runtime --out b --sign notes.txt',
    code: 'SIGNATURE_INVALID',
    names: 'key',
    given: ({ write, type }) => {
      write('notes.txt', 'no key');
      return { mend: () => type('feed keygen signing.key') };
    },
    then: 'bundle export Tool --no-runtime --out b --sign signing.key',
  },
  {
    type: 'bundle export Tool --no-runtime --out full',
    about: 'the folder is not empty',
    code: 'USAGE',
    names: 'full',
    given: ({ zookit, write }) => {
      mkdirSync(join(zookit.work, 'full'));
      write('full/mine.txt', 'mine');
      return undefined;
    },
    then: 'bundle export Tool --no-runtime --out other',
  },
  {
    type: 'bundle export Licensed --no-runtime --out b',
    code: 'LICENCE_NEEDED',
    names: 'https://licence.example.com/',
    then: 'bundle export Licensed --no-runtime --out b {hint}',
  },
  {
    type: 'bundle export Tool --no-runtime --out b --for none.json',
    code: 'USAGE',
    names: 'none.json',
    given: ({ type }) => ({ mend: () => type('probe none.json') }),
  },
  {
    type: 'bundle export Tool --no-runtime --out b --base nowhere',
    code: 'BUNDLE_INVALID',
    names: 'nowhere',
    then: 'bundle export Tool --no-runtime --out b',
  },
  {
    type: 'bundle export Asking --no-runtime --out b --param Nonsense=1',
    code: 'USAGE',
    names: /'nonsense'/i,
    then: 'show Asking',
  },
  { type: 'bundle webpi', code: 'USAGE', names: 'bundle webpi', then: 'bundle webpi Tool --out cache' },
];
