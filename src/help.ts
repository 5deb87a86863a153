// Comes in: the commands. Goes out: the words of --help. Pure.
import type { Command, Option } from './command.js';
import { globalOptions } from './command.js';
import type { CommandEntry } from './commands/table.js';
import type { Topic } from './help-topics.js';
import { columns } from './lib/terminal.js';
import { wrapped } from './lib/text-width.js';

/** What every console has room for. */
const width = 79;

/** `zookit --help`. */
export function generalHelp(version: string, commands: Readonly<Record<string, CommandEntry>>): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [`  ${name}`, summary]);
  return [
    ...wrapped(
      `Zookit ${version}: Python, Django and what they need, from a feed in the style of the Web Platform Installer`,
      width,
    ),
    '',
    'Usage: zookit COMMAND [OPTIONS]',
    '',
    columns(rows),
    '',
    'Everywhere:',
    optionRows(globalOptions),
    '',
    'Try:',
    '  zookit new DjangoProject ./shop --serve',
    '  zookit install PIL',
    '  zookit COMMAND --help',
    "  zookit /?                 WebPICMD's words, which work too",
    '  zookit help               more about feeds, IIS, databases, ...',
  ].join('\n');
}

/** `zookit help`: what `--help` says, and the topics. */
export function topicList(topics: Readonly<Record<string, Topic>>): string {
  const rows = Object.entries(topics).map(([name, { summary }]) => [`  zookit help ${name}`, summary]);
  return ['Topics:', columns(rows)].join('\n');
}

/** `zookit install --help`. */
export function commandHelp(summary: string, command: Command): string {
  const own = Object.keys(command.options).length > 0 ? ['', 'Options:', optionRows(command.options)] : [];
  const examples = command.examples
    ? ['', 'For example:', ...command.examples.map((line) => `  ${line}`)]
    : [];
  return [
    ...wrapped(`Usage: zookit ${command.usage} [OPTIONS]`, width, '  '),
    '',
    `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`,
    ...own,
    '',
    'Everywhere:',
    optionRows(globalOptions),
    ...examples,
  ].join('\n');
}

function optionRows(options: Readonly<Record<string, Option>>): string {
  const rows = Object.entries(options).map(([name, { value, summary }]) => ({
    word: `  --${name}${value ? ` ${value}` : ''}`,
    summary,
  }));
  const indent = Math.max(...rows.map(({ word }) => word.length)) + 2;
  return columns(
    rows.flatMap(({ word, summary }) =>
      wrapped(summary, width - indent).map((line, index) => [index === 0 ? word : '', line]),
    ),
  );
}
