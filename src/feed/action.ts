// Comes in: an `installer` element. Goes out: what it does, as one InstallerAction. The file that knows our action
// elements and how WebPI's own (commands, iisComponent, msDeploy) map to kinds. Runs nothing.
import type { XmlElement } from '../lib/xml.js';
import type { InstallCommand, InstallerAction, SystemPackage } from '../types.js';
import { pathInside, resolveAddress } from './address.js';
import { readCommands, readReturnCodes } from './command.js';
import {
  addition,
  additionNamespace,
  additions,
  attributeOf,
  child,
  children,
  textOf,
  warn,
} from './element.js';
import type { Reading } from './element.js';
import { readPayloadFiles } from './file.js';
import { readPythonPackages } from './python-packages.js';

type ReadAction = (reading: Reading, element: XmlElement) => InstallerAction | undefined;

/** By lower-case name. */
const additionActions: ReadonlyMap<string, ReadAction> = new Map<string, ReadAction>([
  ['archive', readArchive],
  ['payload', readPayload],
  ['pythonpackages', readPythonPackages],
  ['template', readTemplate],
  ['script', readScript],
  ['system', readSystem],
  ['hosting', () => ({ kind: 'hosting' })],
  ['iis', () => ({ kind: 'iis' })],
  ['nothing', () => ({ kind: 'none' })],
]);

const managers: readonly string[] = ['apt', 'dnf', 'apk', 'pacman', 'zypper', 'brew'];

/** What an installer does; undefined, with a warning, when that cannot be done by anybody. */
export function readAction(reading: Reading, installer: XmlElement): InstallerAction | undefined {
  const [first, ...more] = installer.children.filter(
    (each) => each.namespace === additionNamespace && additionActions.has(each.name.toLowerCase()),
  );
  if (more.length > 0)
    warn(reading, installer, 'several actions in one installer, only the first one counts');
  return first
    ? additionActions.get(first.name.toLowerCase())?.(reading, first)
    : readWebpi(reading, installer);
}

function readWebpi(reading: Reading, installer: XmlElement): InstallerAction | undefined {
  const commands = readCommands(reading, installer);
  const [first] = commands;
  if (first) return { kind: kindOf(first), commands };
  const names = readFeatures(reading, installer);
  if (names.length > 0) return { kind: 'feature', names };
  const deploy = child(installer, 'msdeploy');
  if (deploy) {
    const startPage = readStartPage(reading, deploy);
    return { kind: 'webdeploy', ...(startPage ? { startPage } : {}) };
  }
  if (hasCommands(installer)) return undefined;
  warn(reading, installer, 'installer that says nothing to run');
  return { kind: 'none' };
}

/** Commands of which none could be read are not the same as none: nothing would be run, and all be called done. */
function hasCommands(installer: XmlElement): boolean {
  return children(installer, 'installcommands').some((list) =>
    list.children.some(({ name }) => name.toLowerCase() !== 'iiscomponent'),
  );
}

function kindOf(command: InstallCommand): 'exe' | InstallCommand['kind'] {
  const runsFile = /^"?%InstallerFile%"?$/i.test(command.program);
  return command.kind === 'cmdline' && runsFile ? 'exe' : command.kind;
}

/** The names for IIS 7 and later; those for IIS 6 and 5.1 only when there are no others. */
function readFeatures(reading: Reading, installer: XmlElement): string[] {
  const lists = [installer, ...children(installer, 'installcommands')];
  const components = lists.flatMap((list) => children(list, 'iiscomponent'));
  const named = (name: string): string[] =>
    components.flatMap((each) => children(each, name).map((found) => textOf(reading, found)));
  const names = ['iis70componentname', 'iis60componentname', 'iis51componentname'].map(named);
  return (names.find((list) => list.length > 0) ?? []).filter((name) => name !== '');
}

/** Some lists write `startPage` inside itself, and the outer one with comments only. */
function readStartPage(reading: Reading, deploy: XmlElement): string | undefined {
  const startPage = child(deploy, 'startpage');
  return startPage && (textOf(reading, startPage) || undefined);
}

function readArchive(reading: Reading, element: XmlElement): InstallerAction | undefined {
  const strip = Number(attributeOf(element, 'strip') ?? '0');
  const into = readInto(reading, element);
  if (!Number.isInteger(strip) || strip < 0) {
    warn(reading, element, "'strip' is no count of folders");
    return undefined;
  }
  if (into === undefined) return undefined;
  const register = attributeOf(element, 'register');
  if (register !== undefined && register !== 'python')
    warn(reading, element, `'register' is 'python' or nothing, not '${register}'`);
  return { kind: 'archive', strip, into, ...(register === 'python' ? { register } : {}) };
}

function readPayload(reading: Reading, element: XmlElement): InstallerAction | undefined {
  const files = readPayloadFiles(reading, element);
  const into = readInto(reading, element);
  if (files?.length === 0) warn(reading, element, "'zk:payload' without a file");
  return files?.length && into !== undefined ? { kind: 'payload', files, into } : undefined;
}

function readTemplate(reading: Reading, element: XmlElement): InstallerAction | undefined {
  const text = attributeOf(element, 'href');
  if (!text) return { kind: 'template' };
  const href = resolveAddress(reading.base, text);
  if (!href) warn(reading, element, `'${text}' is no address`);
  return href ? { kind: 'template', href } : undefined;
}

function readScript(reading: Reading, element: XmlElement): InstallerAction | undefined {
  const files = readPayloadFiles(reading, element);
  const run = readArguments(element, 'run');
  if (run.length === 0) warn(reading, element, "'zk:script' without a 'zk:run' that has arguments");
  if (!files || run.length === 0) return undefined;
  const returnCodes = readReturnCodes(reading, element);
  return { kind: 'script', files, run, undo: readArguments(element, 'undo'), returnCodes };
}

function readArguments(element: XmlElement, name: string): string[] {
  const list = addition(element, name);
  return list ? additions(list, 'argument').map((each) => each.text) : [];
}

function readSystem(reading: Reading, element: XmlElement): InstallerAction | undefined {
  const packages = additions(element, 'packages').flatMap((each) => readSystemPackages(reading, each) ?? []);
  if (packages.length === 0) warn(reading, element, "'zk:system' without packages");
  return packages.length > 0 ? { kind: 'system', packages } : undefined;
}

/** The names reach the command line of a program that runs as root: only what such managers allow passes. */
function readSystemPackages(reading: Reading, element: XmlElement): SystemPackage | undefined {
  const manager = attributeOf(element, 'manager')?.toLowerCase() ?? '';
  const names = (attributeOf(element, 'names') ?? '').split(/\s+/).filter((name) => name !== '');
  const usable = names.length > 0 && names.every((name) => /^[a-z0-9][a-z0-9.+_@:-]*$/i.test(name));
  if (managers.includes(manager) && usable) return { manager: manager as SystemPackage['manager'], names };
  warn(
    reading,
    element,
    `'zk:packages' needs one of ${managers.join(', ')} as manager, and names of packages`,
  );
  return undefined;
}

function readInto(reading: Reading, element: XmlElement): string | undefined {
  const into = pathInside(attributeOf(element, 'into') ?? '');
  if (into === undefined) warn(reading, element, "'into' must stay inside the product's folder");
  return into;
}
