// Comes in: a generator of random choices. Goes out: the text of an installer in a WebPI list, with every command, mapping, file
// and limit that the format has, and what a reader must find in it. All words are made up.
import type { KindName } from '../../src/types.js';
import type { Random } from './random.js';

/** An action's kind, and how much there is of everything else. */
export interface ExpectedInstaller {
  readonly kind: KindName;
  readonly commands: number;
  readonly codes: number;
  readonly file: boolean;
  readonly languages: number;
  readonly architectures: number;
  readonly licence: boolean;
  readonly logs: number;
}

/** A text, and what was counted while it was written. */
export type Piece<Counted> = readonly [xml: string, counted: Counted];

const languages = ['en', 'DE', 'fr', 'pt-br', 'zh-cn', 'zh-TW', 'ja'];
const addresses = [
  'http://go.lists.test/fwlink/?LinkId=4711',
  'https://lists.test/files/setup.msi?sv=1&amp;sp=r',
  'file:///C:/cache/a b.msi',
  'file://server/share/a.msi',
  'file://C:/cache/a.msi',
  'C:\\cache\\a.msi',
  'setup.exe',
];

/** An element whose name is written in one of the ways that lists have. */
export function element(random: Random, name: string, content: string): string {
  const written = random.pick([
    name,
    name,
    name,
    name.toLowerCase(),
    name.charAt(0).toUpperCase() + name.slice(1),
  ]);
  return content === '' && random.chance(0.5) ? `<${written} />` : `<${written}>${content}</${written}>`;
}

/** So many of them. */
export function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Of all numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function systems(random: Random): string {
  const version = (name: string): string =>
    `<${name}><osMajorVersion>${5 + random.below(2)}</osMajorVersion><osMinorVersion>${random.below(4)}</osMinorVersion>${random.pick(['', '<spMajorVersion>1</spMajorVersion>'])}</${name}>`;
  const types = random.pick([
    '',
    '<osTypes><Server/><ServerCore /></osTypes>',
    '<osTypes><HomeBasic/><Business/></osTypes>',
  ]);
  const inline = `<os>${version('minimumVersion')}${random.pick(['', version('maximumVersion')])}${types}</os>`;
  return random.pick([
    '',
    `<osList idref="OSL_${random.below(4)}"/>`,
    `<osList>${inline}<os idref="OS_${random.below(4)}"/></osList>`,
  ]);
}

function codes(random: Random): Piece<number> {
  const count = random.below(4);
  const outcome = (): string =>
    random.pick(['success', 'failure', 'successRebootRequired', 'failureRebootRequired']);
  const mappings = many(count, (index) => {
    const name = outcome();
    const told = random.pick([
      '',
      `<detailedInformation resourceName="C_${index}">In words.</detailedInformation>`,
    ]);
    return `<mapping><returnCode>${random.pick([-2067919934, 3010, 1618, 2, 4294967291])}</returnCode>${element(random, name, told)}</mapping>`;
  });
  return [count === 0 ? '' : `<returnCodeMappings>${mappings.join('')}</returnCodeMappings>`, count];
}

function command(random: Random, kind: KindName): Piece<number> {
  const [mapped, count] = codes(random);
  switch (kind) {
    case 'msi':
      return [
        `<msiInstall><msi>%InstallerFile%</msi><properties>ALLUSERS=1</properties>${mapped}</msiInstall>`,
        count,
      ];
    case 'msu':
      return [
        `<msuInstall><msu>%InstallerFile%</msu><commandLineArguments>/quiet</commandLineArguments>${mapped}</msuInstall>`,
        count,
      ];
    case 'unzip':
      return [
        '<unzip><zipFile>%InstallerFile%</zipFile><targetDirectory>%TMP%\\x</targetDirectory></unzip>',
        0,
      ];
    default: {
      const program =
        kind === 'exe'
          ? random.pick(['%InstallerFile%', '"%InstallerFile%"'])
          : '%windir%\\system32\\cmd.exe';
      const name = random.pick(['cmdLine', 'cmdline']);
      const ignored = random.pick(['', '<ignoreExitCode>True</ignoreExitCode>']);
      return [
        `<${name}><exe>${program}</exe><commandLineArguments>/q "a b"</commandLineArguments>${ignored}${mapped}</${name}>`,
        count,
      ];
    }
  }
}

function action(random: Random, kind: KindName): Piece<Pick<ExpectedInstaller, 'commands' | 'codes'>> {
  if (kind === 'feature') {
    const names =
      '<iis70ComponentName>IIS-CGI</iis70ComponentName><iis60ComponentName>old</iis60ComponentName>';
    const component = `<iisComponent>${names}</iisComponent>`;
    return [
      random.pick([component, `<installCommands>${component}</installCommands>`]),
      { commands: 0, codes: 0 },
    ];
  }
  if (kind === 'webdeploy') {
    const start = random.pick(['<msDeploy/>', '<msDeploy><startPage>/install.php</startPage></msDeploy>']);
    return [start, { commands: 0, codes: 0 }];
  }
  const all: readonly KindName[] = [
    kind,
    ...many(random.below(3), () => random.pick(['cmdline', 'msi', 'unzip'] as const)),
  ];
  const parts = all.map((each) => command(random, each));
  const xml = element(random, 'installCommands', parts.map(([text]) => text).join('\r\n'));
  return [xml, { commands: all.length, codes: sum(parts.map(([, count]) => count)) }];
}

/** One installer; those of applications are Web Deploy packages. */
export function installer(random: Random, application: boolean, index: number): Piece<ExpectedInstaller> {
  const kinds = ['exe', 'msi', 'msu', 'cmdline', 'unzip', 'feature'] as const;
  const kind: KindName = application ? 'webdeploy' : random.pick(kinds);
  const [does, counted] = action(random, kind);
  const spoken = random.below(3);
  const processors = random.pick([[], ['x86'], ['x64'], ['x86', 'x64']]);
  const [file, licence, logs] = [random.chance(0.8), random.chance(0.5), random.below(3)];
  const hash = random.pick(['', `<sha1>${'0123456789ABCDEFabcd'.repeat(2)}</sha1>`]);
  const xml = `<installer><id>${index + 1}</id>
    ${many(spoken, () => `<languageId>${random.pick(languages)}</languageId>`).join('')}
    ${processors.length === 0 ? '' : `<architectures>${processors.map((each) => `<${each} />`).join('')}</architectures>`}
    ${systems(random)}${licence ? '<eulaURL>http://lists.test/eula</eulaURL>' : ''}
    ${file ? `<installerFile><fileSize>${random.below(99999)}</fileSize><trackingURL>http://lists.test/t</trackingURL><installerURL>${random.pick(addresses)}</installerURL><displayURL/>${hash}</installerFile>` : ''}
    ${does}<showsUI>${random.pick(['True', 'False', ''])}</showsUI>
    ${logs === 0 ? '' : `<logFiles>${many(logs, () => '<location>%TEMP%\\setup*.log</location>').join('')}</logFiles>`}
    ${random.pick(['', '<postFinish><command><path>%ProgramFiles%\\x.exe</path><description>Go</description></command></postFinish>'])}
    <helpLink>http://lists.test/help</helpLink></installer>`;
  return [
    xml,
    { kind, ...counted, file, languages: spoken, architectures: processors.length, licence, logs },
  ];
}
