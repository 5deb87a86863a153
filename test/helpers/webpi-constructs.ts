// Comes in: a seed. Goes out: the text of a WebPI list in which every construct of the format occurs in changing company, and
// what a reader must find in it, counted while it was written. All words are made up.
import type { Random } from './random.js';
import { seeded } from './random.js';
import type { ExpectedInstaller, Piece } from './webpi-installers.js';
import { element, installer, many, sum } from './webpi-installers.js';

/** What there is of one entry. */
export interface ExpectedEntry {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly flags: readonly string[];
  /** Leaves of the trees. */
  readonly hints: number;
  readonly needs: number;
  readonly related: number;
  readonly incompatibilities: number;
  readonly installers: readonly ExpectedInstaller[];
}

export interface Constructs {
  readonly text: string;
  readonly entries: readonly ExpectedEntry[];
}

const versions = ['2.0.20508.2', '1.0', '3.0 RC', 'June 2012', '', '1.0.0-beta', '05.1'];
/** A tree of `and`, `or` (and `not`) around leaves, and how many leaves it has. */
function tree(
  random: Random,
  name: string,
  depth: number,
  leaf: () => string,
  inner: readonly string[],
): Piece<number> {
  if (depth === 0 || random.chance(0.4)) return [`<${name}>${leaf()}</${name}>`, 1];
  const kind = random.pick(inner);
  const parts = many(kind === 'not' ? 1 : 2 + random.below(2), () =>
    tree(random, name, depth - 1, leaf, inner),
  );
  const content = element(random, kind, parts.map(([xml]) => xml).join('\r\n'));
  return [`<${name}>${content}</${name}>`, sum(parts.map(([, leaves]) => leaves))];
}

function hintLeaf(random: Random): string {
  const number = random.below(999);
  const key = `<keyPath>${random.pick(['HKEY_LOCAL_MACHINE', 'HKLM', 'HKEY_CURRENT_USER'])}\\SOFTWARE\\Acme\\${number}${random.pick(['', '\\'])}</keyPath>`;
  return random.pick([
    `<registry>${key}</registry>`,
    `<registry>${key}<valueName>V</valueName></registry>`,
    `<registry>${key}<valueName>V</valueName><valueValue>${number}</valueValue></registry>`,
    `<registry>${key}<valueValue>${number}</valueValue></registry>`,
    `<registry>${key}<valueName>V</valueName><minimumVersion>1.${number}</minimumVersion><maximumVersion>9</maximumVersion></registry>`,
    `<file><filePath>%ProgramFiles(x86)%\\Acme\\${number}.dll</filePath><minimumVersion>1.2.0.${number}</minimumVersion></file>`,
    `<file><filePath>%windir%\\${number}.dll</filePath></file>`,
    `<msiProductCode> {0000${String(number).padStart(4, '0')}-0000-4000-8000-000000000000} </msiProductCode>`,
    `<msiPatchCode>{1111${String(number).padStart(4, '0')}-0000-4000-8000-000000000000}</msiPatchCode>`,
  ]);
}

function relations(random: Random): Piece<Pick<ExpectedEntry, 'related' | 'incompatibilities'>> {
  const [related, products, processes] = [random.below(3), random.below(2), random.below(2)];
  const id = (): string => `<productId>${random.pick(['Product', 'PRODUCT'])}${random.below(40)}</productId>`;
  const bad = [
    ...many(
      products,
      () => `<incompatibleProduct>${id()}<errorMessage>Remove it.</errorMessage></incompatibleProduct>`,
    ),
    ...many(processes, () => '<incompatibleProcess><processName>devenv</processName></incompatibleProcess>'),
  ];
  const xml = `${related > 0 ? `<related>${many(related, () => `<relatedProduct>${id()}</relatedProduct>`).join('')}</related>` : ''}
    ${bad.length > 0 ? `<incompatibilities>${bad.join('')}</incompatibilities>` : ''}
    ${random.pick(['', `<relatedDiscovery><item><id>X</id><discoveryHint>${hintLeaf(random)}</discoveryHint></item></relatedDiscovery>`])}`;
  return [xml, { related, incompatibilities: bad.length }];
}

const flagNames = [
  'searchExclude',
  'noUpgrade',
  'external',
  'summaryExclude',
  'iisChoice',
  'sqlDbChoice',
  'mysql',
];

function entry(random: Random, index: number, prefix: string): Piece<ExpectedEntry> {
  const application = prefix === 'App';
  const id = `${prefix}${index}`;
  const version = random.pick(versions);
  const title = `${prefix} number ${index} of a list`;
  const flags = flagNames.filter(() => random.chance(0.1));
  const [hint, hints] = random.chance(0.8)
    ? tree(random, 'discoveryHint', 3, () => hintLeaf(random), ['and', 'or', 'not'])
    : [random.pick(['', '<discoveryHint/>']), 0];
  const need = (): string =>
    `<productId> ${random.pick(['Product', 'product'])}${random.below(Math.max(1, index))} </productId>`;
  const [dependency, needs] =
    index > 0 && random.chance(0.7) ? tree(random, 'dependency', 4, need, ['and', 'or']) : ['', 0];
  const [more, related] = relations(random);
  const count = random.chance(0.2) ? 0 : 1 + random.below(5);
  const installers = many(count, (each) => installer(random, application, each));
  const description = `${element(random, 'title', title)}<id>http://lists.test/${id}</id><version>${version}</version>
    <updated>${random.pick(['2012-05-09T02:37:41.4683884Z', '2009-3-17T12:30:00Z', '03/16/2009'])}</updated>
    ${element(random, 'summary', `About ${id}`)}<author><name>Maker</name></author>
    <images><icon>http://lists.test/i.png</icon><screenshot>http://lists.test/s.png</screenshot></images>`;
  const xml = `<!-- <entry><productId>Hidden${index}</productId></entry> -->
  <entry${application ? ' type="application"' : ''}>
    <productId>${id}</productId>
    ${random.chance(0.2) ? `<metadata>${description}</metadata>` : description}
    ${flags.map((name) => `<${name}/>`).join('')}<productFamily resourceName="F">Family</productFamily>
    <keywords><keywordId>Keyword${random.below(9)}</keywordId></keywords>
    ${application ? '<addToFeedDate>03-17-2011</addToFeedDate><pageName>page</pageName>' : '<retryCount>3</retryCount>'}
    <externalPackages><externalPackage><packageid>p</packageid><version>9</version></externalPackage></externalPackages>
    <terms><termsText>Mind.</termsText></terms><own>${random.below(9)}</own>
    ${hint}${dependency}${more}
    ${count === 0 ? '' : element(random, 'installers', installers.map(([text]) => text).join('\r\n'))}
  </entry>`;
  return [
    xml,
    { id, version, title, flags, hints, needs, ...related, installers: installers.map(([, each]) => each) },
  ];
}

/** A list of products, or of applications (`App0`, `App1`, ...), with what belongs to no entry around them. */
export function webpiConstructs(seed: number, count: number, prefix: 'Product' | 'App'): Constructs {
  const random = seeded(seed);
  const entries = many(count, (index) => entry(random, index, prefix));
  const text = `\uFEFF<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="${random.pick(['http://www.w3.org/2005/Atom', 'https://www.w3.org/2005/Atom'])}">
<webpiFile version="5.0.0.0"/><title>List</title><id>http://lists.test/</id><updated>2009-3-17T16:30:00Z</updated>
<newVersionAvailable><version>5</version><entry><productId>Newer</productId><installers><installer><id>1</id></installer></installers></entry></newVersionAvailable>
<languages><language default="true"><languageId>en</languageId><name>English</name></language></languages>
${entries.map(([xml]) => xml).join('\n')}
<discoveryHints><discoveryHint id="DH_1"><discoveryHint idref="DH_2"/></discoveryHint></discoveryHints>
<oses>${many(4, (index) => `<os id="OS_${index}"><minimumVersion><osMajorVersion>6</osMajorVersion></minimumVersion></os>`).join('')}</oses>
<osLists>${many(4, (index) => `<osList id="OSL_${index}"><os idref="OS_${index}"/></osList>`).join('')}</osLists>
<keywords>${many(9, (index) => `<keyword id="Keyword${index}">Keyword</keyword>`).join('')}</keywords>
<groupings><grouping><id>G</id><attribute>mediaFamily</attribute></grouping></groupings>
<featured><productId>Product1</productId></featured><telemetry><text>?</text></telemetry>
<miscellaneousProperties><invalidPasswordChars>'"</invalidPasswordChars></miscellaneousProperties>
</feed>`;
  return {
    text: text.replaceAll('\n', '\r\n').replaceAll('\r\r', '\r'),
    entries: entries.map(([, each]) => each),
  };
}
