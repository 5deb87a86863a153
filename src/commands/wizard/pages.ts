// Comes in: what there is. Goes out: the pages with one question each that need no list of products. Pure.
import type { Page, Row } from '../../lib/page.js';
import { plainLine, wrapped } from '../../lib/text-width.js';
import type { Product, Step } from '../../types.js';
import type { DatabaseLook } from './database.js';

/** Sentences, each from a line of its own. */
export function sentences(...texts: readonly string[]): Page['body'] {
  return (width) => texts.flatMap((text) => wrapped(plainLine(text), width));
}

/** The first page. */
export function startPage(standard: string): Page {
  const rows: Row[] = [
    {
      value: 'install',
      label: 'Install products',
      detail: 'Python, Django, Pillow, drivers, and whatever your feeds offer.',
    },
    {
      value: 'new',
      label: 'New project',
      detail: 'A Django, Flask or WSGI site with web.config, ready for IIS and to run here.',
    },
    { value: 'upgrade', label: 'Upgrade', detail: 'Newer versions of what Zookit has installed.' },
    {
      value: 'repair',
      label: 'Repair',
      detail: 'Looks at every installed file and puts damaged products in again.',
    },
    { value: 'uninstall', label: 'Uninstall', detail: 'Takes back what Zookit has installed.' },
    {
      value: 'bundle',
      label: 'Create an offline bundle',
      detail: 'All that a server without internet needs, in one folder.',
    },
    { value: 'feeds', label: 'Manage feeds', detail: 'Lists of products: see, add, check and remove them.' },
    { value: 'quit', label: 'Quit' },
  ];
  return {
    id: 'start',
    title: 'Start',
    ask: 'What do you want to do?',
    body: () => [],
    question: { kind: 'one', rows, standard },
    first: true,
  };
}

/** Which skeleton. */
export function templatePage(templates: readonly Product[], standard: string): Page {
  const rows = templates.map(({ id, entries }) => ({
    value: id,
    label: entries[0]?.title ?? id,
    detail: `${id}: ${entries[0]?.summary ?? ''}`,
  }));
  const ask = 'Which kind of project?';
  return {
    id: 'template',
    title: 'New project',
    ask,
    body: () => [],
    question: { kind: 'one', rows, standard },
  };
}

/** Where the project goes. */
export function folderPage(standard: string, here: string): Page {
  return {
    id: 'folder',
    title: 'New project',
    ask: 'Which folder shall the project be in?',
    body: sentences(
      'A folder that does not exist yet, or an empty one. It gets everything that belongs to the site.',
      `You are in ${here}`,
    ),
    question: {
      kind: 'text',
      standard,
      secret: false,
      check: (text) => (text.trim() === '' ? 'Name a folder' : undefined),
    },
  };
}

/** Which environment the products go to, when there are several. */
export function placePage(environments: readonly string[], title: string, standard: string): Page {
  const rows = [
    { value: 'usual', label: 'This machine', detail: 'Python packages go into the default environment.' },
    ...environments.map((folder) => ({
      value: folder,
      label: `The project environment ${folder}`,
      detail: folder,
    })),
  ];
  return { id: 'place', title, ask: 'Where?', body: () => [], question: { kind: 'one', rows, standard } };
}

/** A database that does not answer, or does not let the site in. */
export function databasePage(look: DatabaseLook | undefined): Page {
  const rows = [
    { value: 'again', label: 'Try again' },
    { value: 'mend', label: 'Change the answers' },
    {
      value: 'on',
      label: 'Go on all the same',
      detail: 'The site is made, but its tables are only made when the database answers.',
    },
  ];
  return {
    id: 'database',
    title: 'New project: database',
    ask: 'The database cannot be used like this. What now?',
    body: sentences(look?.sentence ?? ''),
    question: { kind: 'one', rows, standard: 'again' },
  };
}

/** The place in IIS; only on Windows. */
export function iisPage(standard: string, sites: readonly string[], name: string): Page {
  const found =
    sites.length === 0 ? 'IIS has no site here yet.' : `Sites of this server: ${sites.join(', ')}`;
  return {
    id: 'iis',
    title: 'New project: IIS',
    ask: 'Shall IIS run it? Name the site, and the application in it.',
    body: sentences(
      found,
      `For example ${sites[0] ?? 'Default Web Site'}/${name}. Empty: IIS is left alone, and zookit serve runs the project.`,
    ),
    question: { kind: 'text', standard, secret: false },
  };
}

/** What there is to accept: each product with the address of its licence. */
export function licenceLines(steps: readonly Step[]): string[] {
  return steps.flatMap(({ product, version, status, installer, entry }) => {
    if (status === 'present' || installer?.eulaUrl === undefined) return [];
    const terms = entry?.terms === undefined ? [] : [`  ${entry.terms}`];
    return [`${product} ${version}`.trimEnd(), `  ${installer.eulaUrl}`, ...terms];
  });
}

/** Each licence with its address, and one acceptance for all. */
export function licencesPage(lines: readonly string[], title: string): Page {
  return {
    id: 'licences',
    title,
    ask: 'Do you accept these licences?',
    // An address is not cut: it is there to be opened.
    body: (width) => lines.flatMap((line) => wrapped(plainLine(line), width, '  ')),
    question: {
      kind: 'one',
      rows: [
        { value: 'accept', label: 'I Accept' },
        { value: 'decline', label: 'I Decline', detail: 'Nothing is installed; you come back to the list.' },
      ],
    },
  };
}

/** The last word before something is taken away. */
export function surePage(products: readonly string[]): Page {
  return {
    id: 'sure',
    title: 'Uninstall',
    ask: 'Take these away?',
    body: sentences(...products),
    question: { kind: 'one', rows: [{ value: 'yes', label: 'Uninstall' }], standard: 'yes' },
  };
}

/** There is nothing to choose from. */
export function emptyPage(id: string, title: string, sentence: string): Page {
  return {
    id,
    title,
    ask: sentence,
    body: () => [],
    question: { kind: 'one', rows: [{ value: 'start', label: 'To the start page' }] },
  };
}
