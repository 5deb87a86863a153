// Wrong uses: words that mean nothing here. Commands, options, verbs, topics, WebPICMD's switches.
import type { WrongUse } from '../../helpers/wrong-uses.js';

export const wrongWords: readonly WrongUse[] = [
  { type: 'instal Tool', code: 'USAGE', names: "'instal'", then: '{hint} Tool --yes' },
  { type: 'feeds', code: 'USAGE', names: "'feeds'", then: '{hint} list' },
  { type: 'unistall Tool', code: 'USAGE', names: "'unistall'", then: '{hint} Tool', ends: 'PRODUCT_UNKNOWN' },
  { type: 'frobnicate', code: 'USAGE', names: "'frobnicate'" },
  { type: 'list --instaled', code: 'USAGE', names: '--instaled', then: 'list {hint}' },
  { type: '--verison', code: 'USAGE', names: '--verison', then: '{hint}' },
  { type: 'list --tab Zo', builtIn: true, code: 'USAGE', names: "'Zo'" },
  { type: 'list --tab Zo', about: 'a feed without tabs', code: 'USAGE', names: "'Zo'" },
  { type: 'list -x', code: 'USAGE', names: '-x' },
  { type: 'list --root', code: 'USAGE', names: '--root' },
  { type: 'install --env', code: 'USAGE', names: '--env' },
  { type: 'list --json=yes', code: 'USAGE', names: '--json' },
  { type: 'install', code: 'USAGE', names: 'install' },
  { type: 'plan', code: 'USAGE', names: 'plan' },
  { type: 'show', code: 'USAGE', names: 'show' },
  { type: 'why', code: 'USAGE', names: 'why', where: { Python: 'Tool' } },
  { type: 'uninstall', code: 'USAGE', names: 'uninstall' },
  { type: 'serve one two', code: 'USAGE', names: "'two'" },
  { type: 'show Tool Lib', code: 'USAGE', names: "'Lib'" },
  { type: 'new Page shop --param Colour=red Owner=me', code: 'USAGE', names: "'Owner=me'" },
  { type: 'cache', code: 'USAGE', names: 'cache' },
  { type: 'cache clear', code: 'USAGE', names: "'clear'" },
  { type: 'feed', code: 'USAGE', names: 'feed', then: 'feed list' },
  { type: 'feed remov {beside}/feed.xml', code: 'USAGE', names: "'remov'", then: 'feed list' },
  {
    type: 'bundle',
    code: 'USAGE',
    names: 'bundle',
    where: { PATH: 'bundle', PRODUCT: 'Tool' },
    then: 'bundle --help',
  },
  { type: 'bundle exprot Tool --out b', code: 'USAGE', names: "'exprot'", then: 'bundle --help' },
  { type: 'help instal', code: 'USAGE', names: "'instal'" },
  { type: 'help quantum', code: 'USAGE', names: "'quantum'" },
  { type: 'completion', code: 'USAGE', names: 'completion' },
  { type: 'completion tcsh', code: 'USAGE', names: "'tcsh'" },
  { type: 'completion pwsh', code: 'USAGE', names: "'pwsh'" },
  { type: 'wizard', code: 'USAGE', names: 'terminal', then: '--help' },
  { type: 'wizard --answers none.json', code: 'USAGE', names: 'none.json', then: 'wizard --help' },
  {
    type: 'wizard --answers answers.json',
    code: 'USAGE',
    names: 'answers.json',
    given: ({ write }) => {
      write('answers.json', '["yes"]');
      return undefined;
    },
    then: 'wizard --help',
  },
  { type: 'list --platform windows', code: 'USAGE', names: "'windows'", then: 'list {hint}' },
  { type: 'list --platform windows-amd64', code: 'USAGE', names: "'windows-amd64'", then: 'list {hint}' },
  {
    type: 'plan Tool --platform linux-sparc',
    code: 'USAGE',
    names: "'linux-sparc'",
    then: 'plan Tool {hint}',
  },
  {
    type: 'doctor --platform windows-x64',
    code: 'USAGE',
    names: 'this machine',
    then: 'doctor',
    ends: 'NO_INSTALLER',
  },
  { type: 'probe --platform windows-x64', code: 'USAGE', names: 'this machine', then: 'probe' },
  { type: 'probe one.json two.json', code: 'USAGE', names: "'two.json'", then: 'probe one.json' },
  { type: 'list --machine none.json', code: 'USAGE', names: 'none.json', given: probeMade },
  {
    type: 'list --machine notes.json',
    code: 'USAGE',
    names: 'notes.json',
    given: (place) => {
      place.write('notes.json', '{"a": 1}');
      return probeMade(place);
    },
  },
  {
    type: 'list --machine probe.json --platform windows-x64',
    code: 'USAGE',
    names: '--machine',
    given: probeMade,
    then: 'list --machine probe.json',
  },
  { type: 'install --resume', code: 'USAGE', names: 'resume', where: { PRODUCT: 'Tool' } },
  { type: 'install --resume Tool', code: 'USAGE', names: '--resume', then: 'install Tool' },
  { type: '/Install', code: 'USAGE', names: 'product', then: '/Install /Products:Tool /AcceptEula' },
  {
    type: '/Install /Products',
    code: 'USAGE',
    names: '/Products',
    then: '/Install /Products:Tool /AcceptEula',
  },
  {
    type: '/Instal /Products:Tool',
    code: 'USAGE',
    names: '/Instal',
    then: '{hint} /Products:Tool /AcceptEula',
  },
  { type: '/List /ListOption:Everything', code: 'USAGE', names: "'Everything'" },
  { type: '/Install /Products:Tool /AcceptEula:yes', code: 'USAGE', names: '/AcceptEula' },
  {
    type: '/Install /Products:Tool /AcceptEula Lib',
    code: 'USAGE',
    names: "'Lib'",
    then: '/Install /Products:Tool,Lib /AcceptEula',
  },
  { type: '/Offline', code: 'USAGE', names: '/Offline', then: '/?' },
  { type: '/List /Feeds', code: 'USAGE', names: '/Feeds', then: '/List /Feeds:{beside}/feed.xml' },
];

/** A probe of this machine, as the hint tells to make it. */
async function probeMade(place: Parameters<NonNullable<WrongUse['given']>>[0]): Promise<undefined> {
  await place.type('probe probe.json');
}
