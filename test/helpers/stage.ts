// Comes in: a command that writes and what happened before it. Goes out: a world in which it can be disturbed again and
// again, and what must hold there at once, after the next run of anything, and in the end.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { replay } from '../../src/install/installed.js';
import { openJournal } from '../../src/install/journal.js';
import type { FaultFeed } from './fault-feed.js';
import { writeFaultFeed } from './fault-feed.js';
import { temporaryFolder, tree } from './folder.js';
import type { Moment } from './moments.js';
import { durationOf } from './moments.js';
import { pythonsHere } from './pythons.js';
import type { Snapshot } from './snapshot.js';
import { keepFolders, snapshot } from './snapshot.js';
import type { Zookit } from './zookit.js';
import { assertDone, checkTalk, zookitWorld } from './zookit.js';

const [python] = await pythonsHere();

/** A command to disturb. */
export interface Scenario {
  readonly name: string;
  /** What has happened before, in words after the program's name. */
  readonly before: (feed: FaultFeed) => readonly (readonly string[])[];
  /** What is disturbed. */
  readonly words: (feed: FaultFeed) => readonly string[];
  /** Takes everything away again; nothing at all is left then. */
  readonly uninstall?: readonly string[];
  /** What the same command says, with exit status 3, when it was disturbed after all was done. */
  readonly doneAlready?: RegExp;
  /** It makes a project, whose deploy.py needs a Python. */
  readonly skip?: string | false;
}

const withoutPython = python ? false : 'no Python here';
const all = ['App', 'Tool', 'Files', 'Base'];
/** Every command that changes what is installed. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'install',
    before: () => [],
    words: ({ feed }) => ['install', 'App', '--main-feed', feed],
    uninstall: all,
  },
  {
    name: 'uninstall',
    before: ({ feed }) => [['install', 'App', '--main-feed', feed]],
    words: ({ feed }) => ['uninstall', ...all, '--main-feed', feed],
    doneAlready: /Zookit has not installed/,
  },
  {
    name: 'upgrade',
    before: ({ feed }) => [['install', 'App', '--main-feed', feed]],
    words: ({ newer }) => ['upgrade', '--main-feed', newer],
    uninstall: all,
  },
  {
    name: 'new',
    before: () => [],
    words: ({ feed }) => ['new', 'Page', 'shop', '--main-feed', feed],
    skip: withoutPython,
  },
  {
    name: 'new with workers',
    before: () => [],
    words: ({ feed }) => ['new', 'Site', 'shop', '--main-feed', feed],
    skip: withoutPython,
  },
  {
    name: 'cache clean',
    before: ({ feed }) => [['install', 'App', '--main-feed', feed]],
    words: () => ['cache', 'clean'],
    uninstall: all,
  },
];

/** What differs from run to run: times, keys, bytecode. */
const varies =
  /^(root\/)?(journal\.jsonl|cache)(\/|$)|secret\.key$|__pycache__|\.pyc$|data\/deploy\.|\/log\/|\.lock$/;

/** The world of one scenario. */
export interface Stage {
  readonly zookit: Zookit;
  readonly words: readonly string[];
  readonly feed: FaultFeed;
  /** Back to before the command. */
  readonly reset: () => void;
  readonly duration: number;
  /** Before the command, and after it was not disturbed. */
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** Runs the scenario once, undisturbed, and keeps what was there before. */
export async function stageFor(context: TestContext, scenario: Scenario): Promise<Stage> {
  const zookit = zookitWorld(context, { programs: python ? { python3: python.path } : {} });
  const feed = writeFaultFeed(temporaryFolder(context));
  mkdirSync(zookit.root, { recursive: true });
  for (const words of scenario.before(feed)) assertDone(await zookit.run(words));
  const shelf = temporaryFolder(context);
  const reset = keepFolders([zookit.root, zookit.work], shelf);
  const words = scenario.words(feed);
  const before = stateOf(zookit);
  const duration = await durationOf(zookit, words);
  const after = stateOf(zookit);
  assert.notDeepEqual(scenario.name === 'cache clean' ? {} : before, after, 'the command does something');
  return { zookit, words, feed, reset, duration, before, after };
}

/** All that is installed and made, but for what differs from run to run. */
export function stateOf({ root, work }: Zookit): Snapshot {
  const project = Object.entries(snapshot(work, varies)).map(
    ([name, hash]) => [`work/${name}`, hash] as const,
  );
  return { ...snapshot(root, varies), ...Object.fromEntries(project) };
}

/** Every product's folder is whole as it was before, whole as it is afterwards, or not there. */
export function assertWhole({ zookit, before, after }: Stage, moment: Moment): void {
  const now = snapshot(zookit.root, varies);
  const folders = ['products/Base', 'products/Tool', 'products/Files', 'products/App', 'hosting'];
  for (const folder of folders) {
    const part = (state: Snapshot): Snapshot =>
      Object.fromEntries(Object.entries(state).filter(([name]) => `${name}/`.startsWith(`${folder}/`)));
    const found = part(now);
    if (Object.keys(found).length === 0) continue;
    const wanted = [part(before), part(after)];
    assert.ok(
      wanted.some((each) => JSON.stringify(each) === JSON.stringify(found)),
      `${moment.name}: '${folder}' is half there: ${Object.keys(found).length} names`,
    );
  }
}

/** Nothing unfinished is left but transfers that can be continued. */
export function assertSwept({ zookit }: Stage, moment: Moment): void {
  const left = tree(zookit.folder).filter(
    (name) =>
      /(^|\/)\.zookit-|^root\/lock/.test(name) ||
      (/\/cache\/partial\//.test(name) && !/\.part(\.json)?$/.test(name)),
  );
  assert.deepEqual(left, [], moment.name);
}

/** Steps of the journal that are neither done nor undone. */
export async function unfinished({ zookit: { root } }: Stage): Promise<{ open: number; leaving: number }> {
  const state = replay(await openJournal(join(root, 'journal.jsonl')).read());
  return { open: state.interrupted.length, leaving: state.leaving.length };
}

/** Readers, of which the first knows nothing of locks, then the same command. */
export async function runAgain(stage: Stage, scenario: Scenario, moment: Moment): Promise<void> {
  const { zookit, words, feed } = stage;
  const found = await unfinished(stage);
  let talk = '';
  const readers = [[], ['list', '--installed'], ['verify']][moment.index % 3] ?? [];
  if (readers.length > 0) {
    const reader = [...readers, '--main-feed', feed.newer];
    const ran = await zookit.start(reader).ended;
    checkTalk(reader, ran);
    assert.equal(ran.status, 0, `${moment.name}: ${reader.join(' ')}\n${ran.stderr}`);
    talk += ran.stderr;
  }
  const again = await zookit.run(words);
  talk += again.stderr;
  if (again.status !== 0)
    assert.ok(scenario.doneAlready?.test(again.stderr) ?? false, `${moment.name}\n${talk}`);
  if (found.open > 0)
    assert.match(talk, /An earlier run was stopped while installing .*: it is undone/, moment.name);
  if (found.leaving > 0)
    assert.match(talk, /stopped while taking .* away: that is finished now/, moment.name);
}
