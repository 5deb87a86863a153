// Comes in: a seed and a number of entries. Goes out: the text of a list in the shape of WebPI's main product list: shared
// hints, systems and dependencies, many installers in many languages, comments, stray whitespace. Every word is made up.
import type { Random } from './random.js';
import { seeded } from './random.js';

const languages = ['en', 'de', 'fr', 'it', 'es', 'ja', 'ko', 'ru', 'pt-br', 'zh-cn', 'zh-tw', 'he', 'tr'];
const words =
  'server tools for sites and their data with support of modules extensions runtime database'.split(' ');

/** The list; 400 entries are about 2.5 MB. */
export function webpiList(entries: number, seed = 1): string {
  const random = seeded(seed);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    '<webpiFile version="4.0.0.0"/><title>Products</title><id>http://lists.test/main</id>',
    '<updated>2012-3-17T16:30:00Z</updated>',
    `<languages>${languages.map(languageXml).join('')}</languages>`,
    ...Array.from({ length: entries }, (_, index) => entryXml(random, index)),
    `<discoveryHints>${numbered(60, (index) => `<discoveryHint id="DH_${index}">${registryXml(random)}</discoveryHint>`)}</discoveryHints>`,
    `<dependencies>${numbered(40, (index) => `<dependency id="D_${index}"><productId>Product${index}</productId></dependency>`)}</dependencies>`,
    `<oses>${numbered(8, (index) => `<os id="OS_${index}">${versionXml(5 + (index % 2), index % 3)}</os>`)}</oses>`,
    `<osLists>${numbered(8, (index) => `<osList id="OSL_${index}"><os idref="OS_${index}"/><os idref="OS_${(index + 1) % 8}"/></osList>`)}</osLists>`,
    `<keywords>${numbered(20, (index) => `<keyword id="Keyword${index}" resourceName="Keyword_${index}">Keyword ${index}</keyword>`)}</keywords>`,
    `<tabs><tab><keywordTab><id>Products</id><name>Products</name><description/><keywords>${numbered(20, (index) => `<keywordId>Keyword${index}</keywordId>`)}</keywords></keywordTab></tab></tabs>`,
    '</feed>',
  ].join('\r\n');
}

function numbered(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join('\r\n  ');
}

function languageXml(id: string): string {
  return `<language${id === 'en' ? ' default="true"' : ''}><languageId>${id}</languageId><name>${id}</name></language>`;
}

function entryXml(random: Random, index: number): string {
  const id = `Product${index}`;
  const installers = random.chance(0.2) ? 0 : 1 + random.below(6);
  return `
  <!-- ${sentence(random, 12)} -->
  <entry>
    <productId>${id}</productId>
    <title resourceName="Entry_${id}_Title">Product ${index} ${sentence(random, 3)}</title>
    <id>http://lists.test/${id}</id>
    <version>${random.pick(['2.0.20508.2', '1.0', '3.0 RC', 'June 2012', ''])}</version>
    <updated>2012-05-09T02:37:41.4683884Z</updated>
    <summary resourceName="Entry_${id}_Summary">${sentence(random, 20)}</summary>
    <longSummary resourceName="Entry_${id}_LongSummary">${sentence(random, 80)}</longSummary>
    <productFamily resourceName="Family">Family ${index % 10}</productFamily>
    <keywords><keywordId>Keyword${random.below(20)}</keywordId><keywordId>Keyword${random.below(20)}</keywordId></keywords>
    <images><icon>http://lists.test/icons/${id}.png</icon></images>
    <author><name>Maker</name><uri>http://lists.test/</uri></author>
    <link href="http://lists.test/about/${id}"/>
    ${random.chance(0.2) ? '<searchExclude/>' : ''}
    <discoveryHint>${hintXml(random)}</discoveryHint>
    ${dependencyXml(random, index)}
    ${installers > 0 ? `<installers>${numbered(installers, (each) => installerXml(random, id, each))}</installers>` : ''}
  </entry>`;
}

function hintXml(random: Random): string {
  if (random.chance(0.3)) return `<discoveryHint idref="DH_${random.below(60)}"/>`;
  return `<or>
      <discoveryHint>${registryXml(random)}</discoveryHint>
      <discoveryHint><file><filePath>%ProgramFiles%\\Acme\\${random.below(999)}.dll</filePath></file></discoveryHint>
      <discoveryHint><msiProductCode>{${hex(random, 8)}-0000-4000-8000-${hex(random, 12)}}</msiProductCode></discoveryHint>
    </or>`;
}

function registryXml(random: Random): string {
  return `<registry><keyPath>HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\${random.below(999)}</keyPath>
        <valueName>Version</valueName><minimumVersion>${random.below(9)}.${random.below(9)}</minimumVersion></registry>`;
}

/** Only on earlier products: a real list has no cycle. */
function dependencyXml(random: Random, index: number): string {
  if (index < 50 || random.chance(0.3)) return '';
  const product = (): string =>
    `<dependency><productId>${random.pick(['Product', 'product'])}${random.below(index)}</productId></dependency>`;
  return `<dependency><and>${product()}${product()}
      <dependency><or>${product()}${product()}</or></dependency>
      <dependency idref="D_${random.below(40)}"/></and></dependency>`;
}

function installerXml(random: Random, id: string, index: number): string {
  return `<installer>
      <id>${index + 1}</id>
      <languageId>${languages[index % languages.length] ?? 'en'}</languageId>
      <architectures><${random.pick(['x86', 'x64'])} /></architectures>
      <osList idref="OSL_${random.below(8)}" />
      <eulaURL>http://lists.test/eula/${id}</eulaURL>
      <installerFile>
        <fileSize>${random.below(90000)}</fileSize>
        <trackingURL>http://lists.test/track/${id}/${index}</trackingURL>
        <installerURL>http://lists.test/files/${id}/${index}.msi</installerURL>
        <displayURL>http://lists.test/files/${id}</displayURL>
        <sha1>${hex(random, 40).toUpperCase()}</sha1>
      </installerFile>
      <installCommands>
        <cmdLine>
          <exe>%InstallerFile%</exe>
          <commandLineArguments>/quiet /norestart /log "%TEMP%\\${id}_${index}.log"</commandLineArguments>
          <returnCodeMappings>
            ${[3010, 1602, 1618, -2067919934].map(mappingXml).join('\r\n            ')}
          </returnCodeMappings>
        </cmdLine>
      </installCommands>
      <logFiles><location>%TEMP%\\${id}_${index}.log</location></logFiles>
      <helpLink>http://lists.test/help/${id}</helpLink>
    </installer>`;
}

function mappingXml(code: number): string {
  const outcome = code === 3010 ? 'successRebootRequired' : 'failure';
  return `<mapping><returnCode>${code}</returnCode><${outcome}><detailedInformation resourceName="Code_${code}">What ${code} means, in a few words.</detailedInformation></${outcome}></mapping>`;
}

function versionXml(major: number, minor: number): string {
  return `<minimumVersion><osMajorVersion>${major}</osMajorVersion><osMinorVersion>${minor}</osMinorVersion></minimumVersion>`;
}

function sentence(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(words)).join(' ');
}

function hex(random: Random, length: number): string {
  return Array.from({ length }, () => random.below(16).toString(16)).join('');
}
