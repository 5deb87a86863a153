// Comes in: `installCommands` and `returnCodeMappings`. Goes out: commands in their order, exit codes with their outcome.
// The file that knows WebPI's command elements (webpi-feed 3.1, 3.2). Expands no variable, runs nothing.
import type { XmlElement } from '../lib/xml.js';
import type { InstallCommand, ReturnCode } from '../types.js';
import { captionOf, child, children, textAt, warn } from './element.js';
import type { Reading } from './element.js';

interface CommandShape {
  readonly kind: InstallCommand['kind'];
  readonly program: string;
  readonly arguments: string;
}

const commandShapes: ReadonlyMap<string, CommandShape> = new Map([
  ['cmdline', { kind: 'cmdline', program: 'exe', arguments: 'commandlinearguments' }],
  ['msiinstall', { kind: 'msi', program: 'msi', arguments: 'commandlinearguments' }],
  ['msuinstall', { kind: 'msu', program: 'msu', arguments: 'commandlinearguments' }],
  ['unzip', { kind: 'unzip', program: 'zipfile', arguments: 'targetdirectory' }],
]);

const outcomes: ReadonlyMap<string, ReturnCode['outcome']> = new Map([
  ['success', 'success'],
  ['failure', 'failure'],
  ['successrebootrequired', 'successRebootRequired'],
  ['failurerebootrequired', 'failureRebootRequired'],
]);

/** All commands of an installer, in their order; empty when it has none. */
export function readCommands(reading: Reading, installer: XmlElement): InstallCommand[] {
  return children(installer, 'installcommands').flatMap((list) =>
    list.children.flatMap((element) => readCommand(reading, element) ?? []),
  );
}

/** The mappings below an element: a command, or our `zk:script`. */
export function readReturnCodes(reading: Reading, parent: XmlElement): ReturnCode[] {
  return children(parent, 'returncodemappings').flatMap((list) =>
    children(list, 'mapping').flatMap((mapping) => readMapping(reading, mapping) ?? []),
  );
}

function readCommand(reading: Reading, element: XmlElement): InstallCommand | undefined {
  const name = element.name.toLowerCase();
  if (name === 'iiscomponent') return undefined;
  const shape = commandShapes.get(name);
  const program = shape && textAt(reading, element, shape.program);
  if (!program) {
    const problem = shape ? `'${element.name}' without a program` : `unknown command '${element.name}'`;
    warn(reading, element, problem);
    return undefined;
  }
  return {
    kind: shape.kind,
    program,
    arguments: textAt(reading, element, shape.arguments) ?? '',
    properties: textAt(reading, element, 'properties') ?? '',
    ignoreExitCode: /^true$/i.test(textAt(reading, element, 'ignoreexitcode') ?? ''),
    returnCodes: readReturnCodes(reading, element),
  };
}

function readMapping(reading: Reading, mapping: XmlElement): ReturnCode | undefined {
  const text = textAt(reading, mapping, 'returncode') ?? '';
  const code = Number(text);
  const outcome = mapping.children.find((each) => outcomes.has(each.name.toLowerCase()));
  const meaning = outcome && outcomes.get(outcome.name.toLowerCase());
  if (text === '' || !Number.isInteger(code) || !meaning) {
    warn(reading, mapping, `return code '${text}' without a number or an outcome`);
    return undefined;
  }
  const message = captionOf(reading, child(outcome, 'detailedinformation'));
  // Feeds write HRESULTs signed or unsigned; Windows compares 32 bits.
  return { code: code | 0, outcome: meaning, ...(message ? { message } : {}) };
}
