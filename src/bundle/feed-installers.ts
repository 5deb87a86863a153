// Comes in: an installer of an entry. Goes out: its `installer` element, so that reading it gives the same installer. The
// inverse of the readers of installers, files, commands and actions; addresses are written as they are given.
import type { XmlNode } from '../lib/xml-text.js';
import { node, textNode } from '../lib/xml-text.js';
import type {
  InstallCommand,
  Installer,
  InstallerAction,
  InstallerFile,
  OsRule,
  PayloadFile,
  PinnedPackage,
  ReturnCode,
} from '../types.js';
import { optional } from './feed-trees.js';

/** An `installer` element. */
export function installerNode(installer: Installer): XmlNode {
  const { id, languages, architectures, osList, platforms, file, eulaUrl, logFiles } = installer;
  return node('installer', {}, [
    textNode('id', id),
    ...languages.map((language) => textNode('languageId', language)),
    ...list(
      'architectures',
      architectures.map((each) => node(each)),
    ),
    ...(osList ? [osListNode(osList)] : []),
    ...platforms.map(platformNode),
    ...(eulaUrl === undefined ? [] : [textNode('eulaURL', addressText(eulaUrl))]),
    ...(file ? [fileNode(file)] : []),
    ...list(
      'logFiles',
      logFiles.map((each) => textNode('location', each)),
    ),
    ...optional('helpLink', installer.helpLink),
    ...mannerNodes(installer),
    actionNode(installer.action),
  ]);
}

function platformNode({ os, arch, libc, native }: Installer['platforms'][number]): XmlNode {
  return node('zk:platform', { os, arch, libc, native: native === true ? 'true' : undefined });
}

function mannerNodes({ showsUi, postFinish }: Installer): XmlNode[] {
  const command = postFinish && [
    textNode('path', postFinish.path),
    ...optional('description', postFinish.description),
  ];
  return [
    ...(showsUi ? [textNode('showsUI', 'true')] : []),
    ...(command ? [node('postFinish', {}, [node('command', {}, command)])] : []),
  ];
}

function osListNode(osList: NonNullable<Installer['osList']>): XmlNode {
  return 'idref' in osList
    ? node('osList', { idref: osList.idref })
    : node('osList', {}, osList.rules.map(osNode));
}

function osNode({ idref, minimum, maximum, types }: OsRule): XmlNode {
  return node('os', { idref }, [
    ...(minimum === undefined ? [] : [versionNode('minimumVersion', minimum)]),
    ...(maximum === undefined ? [] : [versionNode('maximumVersion', maximum)]),
    ...list(
      'osTypes',
      types.map((type) => node(type)),
    ),
  ]);
}

function versionNode(name: string, version: string): XmlNode {
  const names = ['osMajorVersion', 'osMinorVersion', 'spMajorVersion', 'spMinorVersion'];
  const parts = version.split('.');
  return node(
    name,
    {},
    parts.map((part, index) => textNode(names[index] ?? '', part)),
  );
}

function fileNode({ url, relativeUrl, size, sha1, sha256 }: InstallerFile): XmlNode {
  // Feeds state KB; a part of one is written as such, so that no byte is lost.
  const kilobytes = size === undefined ? undefined : String(size / 1024);
  return node('installerFile', {}, [
    ...optional('fileSize', kilobytes),
    ...optional('installerURL', url === '' ? undefined : addressText(url)),
    ...optional('relativeInstallerURL', relativeUrl),
    ...optional('sha1', sha1),
    ...optional('zk:sha256', sha256),
  ]);
}

/** Escapes what a reader of addresses would undo: paths only, a URL is written as it is. */
export function addressText(address: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) || address.startsWith('\\\\')) return address;
  return address.split('/').map(encodeURIComponent).join('/');
}

function actionNode(action: InstallerAction): XmlNode {
  switch (action.kind) {
    case 'archive': {
      const { strip, into, register } = action;
      return node('zk:archive', {
        strip: strip === 0 ? undefined : String(strip),
        into: filled(into),
        register,
      });
    }
    case 'payload':
      return node('zk:payload', { into: filled(action.into) }, action.files.map(payloadNode));
    case 'python':
      return node('zk:pythonPackages', { python: filled(action.python) }, action.packages.map(packageNode));
    case 'template':
      return node('zk:template', { href: action.href === undefined ? undefined : addressText(action.href) });
    case 'script':
      return node('zk:script', {}, [
        ...action.files.map(payloadNode),
        ...wordsNode('zk:run', action.run),
        ...wordsNode('zk:undo', action.undo),
        ...returnCodeNodes(action.returnCodes),
      ]);
    case 'system':
      return node(
        'zk:system',
        {},
        action.packages.map(({ manager, names }) => node('zk:packages', { manager, names: names.join(' ') })),
      );
    case 'hosting':
    case 'iis':
      return node(`zk:${action.kind}`);
    case 'none':
      return node('zk:nothing');
    case 'feature':
      return node('installCommands', {}, action.names.map(featureNode));
    case 'webdeploy':
      return node('msDeploy', {}, optional('startPage', action.startPage));
    default:
      return node('installCommands', {}, action.commands.map(commandNode));
  }
}

function payloadNode({ url, path, sha256 }: PayloadFile): XmlNode {
  return node('zk:file', { href: addressText(url), path, sha256 });
}

function packageNode({ name, version, marker, files }: PinnedPackage): XmlNode {
  const wheels = files.map((file) =>
    node('zk:file', {
      name: file.name,
      size: file.size === undefined ? undefined : String(file.size),
      sha256: file.sha256,
      href: file.url === undefined ? undefined : addressText(file.url),
    }),
  );
  return node('zk:package', { name, version, marker }, wheels);
}

function wordsNode(name: string, words: readonly string[]): XmlNode[] {
  return list(
    name,
    words.map((word) => textNode('zk:argument', word)),
  );
}

function featureNode(name: string): XmlNode {
  return node('iisComponent', {}, [textNode('iis70ComponentName', name)]);
}

const commandNames: Readonly<Record<InstallCommand['kind'], readonly [string, string, string]>> = {
  cmdline: ['cmdLine', 'exe', 'commandLineArguments'],
  msi: ['msiInstall', 'msi', 'commandLineArguments'],
  msu: ['msuInstall', 'msu', 'commandLineArguments'],
  unzip: ['unzip', 'zipFile', 'targetDirectory'],
};

function commandNode(command: InstallCommand): XmlNode {
  const [name, program, words] = commandNames[command.kind];
  return node(name, {}, [
    textNode(program, command.program),
    ...optional(words, command.arguments),
    ...optional('properties', command.properties),
    ...(command.ignoreExitCode ? [textNode('ignoreExitCode', 'true')] : []),
    ...returnCodeNodes(command.returnCodes),
  ]);
}

function returnCodeNodes(codes: readonly ReturnCode[]): XmlNode[] {
  return list(
    'returnCodeMappings',
    codes.map(({ code, outcome, message }) =>
      node('mapping', {}, [
        textNode('returnCode', String(code)),
        node(outcome, {}, optional('detailedInformation', message)),
      ]),
    ),
  );
}

function list(name: string, children: readonly XmlNode[]): XmlNode[] {
  return children.length === 0 ? [] : [node(name, {}, children)];
}

function filled(text: string): string | undefined {
  return text === '' ? undefined : text;
}
