// Wrong uses: products, versions and answers that there are not, or that do not fit together.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeZip } from '../../helpers/archives.js';
import { entryXml, feedXml, serveFeed } from '../../helpers/feed-xml.js';
import type { Place, WrongUse } from '../../helpers/wrong-uses.js';

const unhashed = feedXml(
  entryXml('Unhashed', '1', {
    installers:
      '<installer><installerFile><installerURL>a.zip</installerURL></installerFile><zk:archive/></installer>',
  }),
);
const elsewhere = process.platform === 'win32' ? 'macos' : 'windows';

const toolInstalled = async (place: Place): Promise<undefined> => {
  await place.type('install NeedsTool --yes');
};

export const wrongProducts: readonly WrongUse[] = [
  { type: 'install Thumbnaler', code: 'PRODUCT_UNKNOWN', names: "'Thumbnaler'", then: 'install Thumbnailer' },
  { type: 'install Nonsense', code: 'PRODUCT_UNKNOWN', names: "'Nonsense'" },
  { type: 'install Tool Nonsense', code: 'PRODUCT_UNKNOWN', names: "'Nonsense'" },
  { type: 'plan tol', code: 'PRODUCT_UNKNOWN', names: "'tol'", then: 'plan Tool' },
  { type: 'show Thumbnaler', code: 'PRODUCT_UNKNOWN', names: "'Thumbnaler'", then: 'show Thumbnailer' },
  { type: 'why Thumbnaler', code: 'PRODUCT_UNKNOWN', names: "'Thumbnaler'", then: 'why Thumbnailer' },
  { type: 'install --title Thumbnails', code: 'PRODUCT_UNKNOWN', names: "'Thumbnails'" },
  {
    type: 'install "Tool Lib"',
    code: 'USAGE',
    names: "'Tool Lib'",
    where: { Django: 'Tool' },
    then: 'install Tool Lib',
  },
  { type: 'install @1.0', code: 'USAGE', names: "'@1.0'", then: 'install Tool@1.0' },
  { type: 'install Tool@', code: 'USAGE', names: "'Tool@'", then: 'install Tool' },
  { type: 'install Tool@newest', code: 'USAGE', names: "'newest'", then: 'install "Tool@>=1"' },
  { type: 'install "Tool@>>1"', code: 'USAGE', names: "'>>1'", then: 'install "Tool@>=1"' },
  { type: 'install Tool@7', code: 'CONFLICT', names: "'Tool@7'" },
  { type: 'install "Lib@>2.5"', code: 'CONFLICT', names: 'Lib' },
  { type: 'install Lib@1 Lib@2', code: 'CONFLICT', names: 'Lib' },
  { type: 'install OldApp NewApp', code: 'CONFLICT', names: "'OldApp' and 'NewApp'" },
  {
    type: 'install Egg',
    code: 'CONFLICT',
    names: "'Egg'",
    then: 'feed check {beside}/feed.xml',
    ends: 'FEED_INVALID',
  },
  { type: 'install NeedsGhost', code: 'PRODUCT_UNKNOWN', names: "'NeedsGhost'", then: 'list' },
  { type: 'install EitherGhost', code: 'PRODUCT_UNKNOWN', names: "'EitherGhost'", then: 'list' },
  {
    type: 'install Elsewhere',
    code: 'NO_INSTALLER',
    names: "'Elsewhere'",
    then: `plan Elsewhere --platform ${elsewhere}-x64`,
  },
  { type: 'install Thing', about: 'no Python on PATH', code: 'NO_INSTALLER', names: "'Thing'", then: 'list' },
  { type: 'install Tomorrow', code: 'NO_INSTALLER', names: "'Tomorrow'", then: 'list' },
  {
    type: 'install Licensed',
    code: 'LICENCE_NEEDED',
    names: 'https://licence.example.com/',
    then: 'install Licensed {hint}',
  },
  {
    type: 'install Unhashed --feed {feed}',
    code: 'FEED_INVALID',
    names: "'Unhashed'",
    given: async ({ test }) => {
      const server = await serveFeed(test, unhashed, { 'a.zip': makeZip([{ name: 'a.txt', content: 'a' }]) });
      return { values: { feed: server.feed } };
    },
    then: 'install Unhashed --feed {feed} {hint}',
  },
  { type: 'install Page', code: 'USAGE', names: "'Page'", where: { DIR: 'shop' }, then: 'plan Tool' },
  {
    type: 'install Tool --platform macos-x64',
    code: 'USAGE',
    names: 'another machine',
    then: 'plan Tool --platform macos-x64',
  },
  {
    type: 'uninstall Tool --platform macos-x64',
    code: 'USAGE',
    names: 'another machine',
    then: 'plan Tool --platform macos-x64',
  },
  { type: 'uninstall Tool', code: 'PRODUCT_UNKNOWN', names: "'Tool'" },
  { type: 'uninstall Tol --yes', code: 'PRODUCT_UNKNOWN', names: "'Tol'", given: toolInstalled },
  {
    type: 'uninstall Tool --yes',
    code: 'CONFLICT',
    names: "'NeedsTool'",
    given: toolInstalled,
    then: '{hint} --yes',
  },
  { type: 'uninstall Thing --env nowhere', code: 'PRODUCT_UNKNOWN', names: "'Thing'" },
  { type: 'upgrade Tool', code: 'PRODUCT_UNKNOWN', names: "'Tool'" },
  { type: 'upgrade Nonsense', code: 'PRODUCT_UNKNOWN', names: "'Nonsense'", then: 'list' },
  { type: 'upgrade Thumbnaler', code: 'PRODUCT_UNKNOWN', names: "'Thumbnaler'", then: 'show Thumbnailer' },
  { type: 'verify Tool', code: 'PRODUCT_UNKNOWN', names: "'Tool'" },
  {
    type: 'verify',
    about: 'a file was changed',
    code: 'HASH_MISMATCH',
    names: 'Tool',
    given: async ({ type, zookit }) => {
      await type('install Tool');
      writeFileSync(join(zookit.root, 'products', 'Tool', 'tool.txt'), 'changed');
      return {};
    },
    then: '{hint} --yes',
  },
  {
    type: 'install Asking --param Owner',
    code: 'USAGE',
    names: "'Owner'",
    then: 'install Asking --param Owner=me',
  },
  { type: 'install Asking --param Ownr=me', code: 'USAGE', names: /'ownr'/i, then: 'show Asking' },
  {
    type: 'install Asking --param Owner=me --param Colour=blue',
    code: 'USAGE',
    names: "'blue'",
    then: 'install Asking --param Owner=me {hint}',
  },
  {
    type: 'install Asking --param Owner=me --param Port=eighty',
    code: 'USAGE',
    names: "'eighty'",
    then: 'install Asking --param Owner=me {hint}',
  },
  { type: 'install Asking', code: 'USAGE', names: "'Owner'", then: 'install Asking --param Owner=me' },
  {
    type: 'install Asking',
    about: 'a choice from the environment',
    env: { ZOOKIT_PARAM_COLOUR: 'pink', ZOOKIT_PARAM_OWNER: 'me' },
    code: 'USAGE',
    names: "'pink'",
    then: 'install Asking {hint}',
  },
  {
    type: 'install Asking --answers none.txt',
    code: 'USAGE',
    names: 'none.txt',
    then: 'install Asking --param Owner=me',
  },
  {
    type: 'install Asking --answers answers.txt',
    code: 'USAGE',
    names: 'Line 2',
    given: ({ write }) => {
      write('answers.txt', 'Owner[@]me\nColour: red\n');
      return { mend: () => write('answers.txt', 'Owner[@]me\nColour[@]red\n') };
    },
  },
];
