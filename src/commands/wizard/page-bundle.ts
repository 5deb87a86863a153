// Comes in: what there is. Goes out: the pages that a bundle is made by, besides its products. Pure.
import type { Page } from '../../lib/page.js';
import type { Platform } from '../../types.js';
import { sentences } from './pages.js';

const title = 'Offline bundle';

const platforms = [
  'windows-x64',
  'windows-arm64',
  'windows-x86',
  'linux-x64',
  'linux-arm64',
  'macos-arm64',
  'macos-x64',
];

/** The machines that a bundle is for. */
export function platformPage(picked: readonly string[], here: Platform): Page {
  const rows = platforms.map((value) => ({ value, label: value }));
  const own = `${here.os}-${here.arch}`;
  const standard = picked.length > 0 ? picked : [platforms.includes(own) ? own : 'windows-x64'];
  return {
    id: 'platform',
    title,
    ask: 'Which machines is it for?',
    body: () => [],
    question: { kind: 'several', rows, standard, tabs: [], emptyProblem: 'Pick one with Space' },
  };
}

/** The Python in it. */
export function bundlePythonPage(minors: readonly string[], standard: string): Page {
  const rows = [
    { value: 'usual', label: 'The recommended one' },
    ...minors.map((minor) => ({ value: minor, label: `Python ${minor}` })),
  ];
  return {
    id: 'python',
    title,
    ask: 'Which Python is it for?',
    body: sentences('On Linux and macOS the server has that Python already; for Windows it comes along.'),
    question: { kind: 'one', rows, standard },
  };
}

/** What it comes as; the picked ones are said, not asked one by one. */
export function formPage(picked: readonly string[] | undefined): Page {
  const rows = [
    {
      value: 'runtime',
      label: 'With Node, which Zookit runs on',
      detail: 'Leave it out only for servers that have Node already.',
    },
    {
      value: 'archive',
      label: 'As one zip file instead of a folder',
      detail: 'Easier to carry; the server unpacks it first.',
    },
  ];
  return {
    id: 'form',
    title,
    ask: 'How shall it come?',
    body: () => [],
    question: { kind: 'several', rows, standard: picked ?? ['runtime'], tabs: [] },
  };
}

/** The key that vouches for it. */
export function signPage(standard: string): Page {
  return {
    id: 'sign',
    title,
    ask: 'Which private key shall sign it?',
    body: sentences(
      'The path of a key of zookit feed keygen. Empty: it is not signed, and only its digest tells that it is yours.',
    ),
    question: { kind: 'text', standard, secret: false },
  };
}

/** Where it is written. */
export function outPage(standard: string, archive: boolean): Page {
  const what = archive ? 'file' : 'folder';
  return {
    id: 'out',
    title,
    ask: `Which ${what} shall the bundle be written to?`,
    body: sentences(`A ${what} that does not exist yet. Take it to the server on a disk or a share.`),
    question: {
      kind: 'text',
      standard: archive && !standard.endsWith('.zip') ? `${standard}.zip` : standard,
      secret: false,
      check: (text) => (text.trim() === '' ? `Name a ${what}` : undefined),
    },
  };
}
