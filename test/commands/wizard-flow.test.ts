import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answers, Facts } from '../../src/commands/wizard/flow.js';
import { chosenOn, nextPage, pageBefore, wayOf } from '../../src/commands/wizard/flow.js';
import { wordsOf } from '../../src/commands/wizard/words.js';
import type { Parameter } from '../../src/types.js';

const facts: Facts = {
  parameters: [],
  databaseParameters: [],
  databaseFails: false,
  pythons: false,
  places: false,
  extras: true,
  iis: false,
  licences: false,
};

/** Walks on from the start with these answers; an answer that is missing ends the walk. */
function walk(answers: Answers, about: Partial<Facts> = {}): string[] {
  const seen: string[] = [];
  let page: string | undefined = 'start';
  while (page !== undefined && seen.length < 30) {
    seen.push(page);
    page =
      page === 'run' || answers[page] !== undefined
        ? nextPage(page, answers, { ...facts, ...about })
        : undefined;
  }
  return seen;
}

const project: Answers = {
  start: 'new',
  template: 'DjangoProject',
  folder: './shop',
  'param:Database': 'sqlite',
  extras: [],
  plan: 'go',
  licences: 'accept',
  finish: 'quit',
};

describe('the way through the wizard', () => {
  test('a project: skeleton, folder, questions, packages, plan, licences, finish', () => {
    assert.deepEqual(walk(project, { parameters: ['Database'], licences: true }), [
      ...['start', 'template', 'folder', 'param:Database', 'extras', 'plan', 'licences', 'run', 'finish'],
    ]);
  });

  test('every page but the first leads back to the one before, and nothing leads back over what was done', () => {
    const about = {
      ...facts,
      parameters: ['Database'],
      databaseParameters: ['Database'],
      licences: true,
      iis: true,
      places: true,
      databaseFails: true,
    };
    for (const start of ['install', 'new', 'upgrade', 'repair', 'uninstall', 'bundle', 'feeds']) {
      const way = wayOf({ start }, about);
      for (const [index, page] of way.entries()) {
        const before = page === 'finish' ? 'start' : (way[index - 1] ?? 'start');
        assert.equal(pageBefore(page, { start }, about), before, `${start}: ${page}`);
      }
    }
    assert.equal(pageBefore('change', project, facts), 'plan');
    assert.equal(pageBefore('choice:Python', project, facts), 'plan');
    assert.equal(pageBefore('feed-add', { start: 'feeds' }, facts), 'feeds');
  });

  test('no page is asked that has nothing to ask', () => {
    assert.deepEqual(wayOf({ start: 'install' }, facts), ['start', 'products', 'plan', 'run', 'finish']);
    assert.ok(!wayOf({ start: 'new' }, facts).includes('iis'));
    assert.ok(!wayOf({ start: 'upgrade' }, facts).includes('place'));
  });

  test('a version is chosen from the plan, and the plan comes again', () => {
    const answers = { ...project, plan: 'change', change: 'Python', 'choice:Python': '3.12' };
    assert.equal(nextPage('plan', answers, facts), 'change');
    assert.equal(nextPage('change', answers, facts), 'choice:Python');
    assert.equal(nextPage('choice:Python', answers, facts), 'plan');
  });

  test('a database that does not answer: once more, mended, or all the same', () => {
    const silent = {
      ...facts,
      parameters: ['Database', 'DbServer', 'DbName', 'AdminUser'],
      databaseParameters: ['DbServer', 'DbName'],
      databaseFails: true,
    };
    const on = (database: string, about = silent): string | undefined =>
      nextPage('database', { ...project, database }, about);
    assert.equal(nextPage('param:DbName', project, silent), 'database');
    assert.equal(on('again'), 'database');
    assert.equal(on('again', { ...silent, databaseFails: false }), 'param:AdminUser');
    assert.equal(on('mend'), 'param:DbServer');
    assert.equal(on('on'), 'param:AdminUser');
    assert.equal(pageBefore('database', project, { ...silent, databaseFails: false }), 'param:DbName');
  });

  test('the end: once more from where one agreed, from the start, or not at all', () => {
    const on = (finish: string, start = 'new'): string | undefined =>
      nextPage('finish', { ...project, start, finish }, facts);
    assert.equal(on('again'), 'plan');
    assert.equal(on('again', 'uninstall'), 'sure');
    assert.equal(on('start'), 'start');
    assert.equal(on('quit'), undefined);
    assert.equal(on('launch'), undefined);
    assert.equal(nextPage('start', { start: 'quit' }, facts), undefined);
  });

  test('what was chosen holds nothing of ways that were left again, and no secret', () => {
    const answers = {
      ...project,
      products: ['Pillow'],
      'choice:Python': '3.12',
      'param:DbPassword': 'secret',
    };
    const kept = chosenOn(
      answers,
      { ...facts, parameters: ['Database', 'DbPassword'] },
      new Set(['param:DbPassword']),
    );
    const { licences, ...rest } = project;
    assert.equal(licences, 'accept');
    assert.deepEqual(kept, { ...rest, 'choice:Python': '3.12' });
  });
});

function question(name: string, about: Partial<Parameter> = {}): Parameter {
  return { name, type: 'text', title: name, tags: [], choices: [], ...about };
}

describe('the command that the answers come to', () => {
  const questions = [
    question('ProjectName', { default: 'mysite' }),
    question('Database', { default: 'sqlite' }),
    question('DbName', { default: 'mysite' }),
    question('DbPassword', { type: 'password' }),
    question('AdminUser', { tags: ['NoStore'], default: '' }),
  ];
  const words = (answers: Answers, licences = false): ReturnType<typeof wordsOf> =>
    wordsOf({ answers, questions, environment: undefined, licences });

  test('a project: what is not usual, and secrets in variables only', () => {
    const answers = {
      ...project,
      'param:ProjectName': 'shop',
      'param:Database': 'postgresql',
      'param:DbName': 'my shop',
      'param:DbPassword': 'se cret',
      'param:AdminUser': 'admin',
      'choice:Python': '3.12',
      extras: ['Pillow'],
    };
    assert.deepEqual(words(answers, true), {
      words: [
        ...['new', 'DjangoProject', './shop', '--with', 'Python@3.12', '--with', 'Pillow'],
        ...['--database', 'postgresql', '--param', 'DbName=my shop', '--yes', '--accept-eula'],
      ],
      variables: { ZOOKIT_PARAM_DBPASSWORD: 'se cret', ZOOKIT_PARAM_ADMINUSER: 'admin' },
    });
  });

  test('another name than the folder’s is said', () => {
    const answers = { ...project, 'param:ProjectName': 'store', 'param:DbName': 'mysite' };
    assert.deepEqual(words(answers).words, ['new', 'DjangoProject', './shop', '--name', 'store', '--yes']);
  });

  test('a place in IIS, and what a bundle is made of', () => {
    const site = words({ ...project, iis: 'Default Web Site/shop' });
    assert.deepEqual(site.words.slice(0, 5), [
      'new',
      'DjangoProject',
      './shop',
      '--iis',
      'Default Web Site/shop',
    ]);
    const bundle = { start: 'bundle', bundle: ['Django'], platform: ['windows-x64'], out: './b.zip' };
    const carried = words({ ...bundle, python: '3.13', form: ['archive'], sign: 'own.key' });
    const form = ['--python', '3.13', '--archive', '--no-runtime', '--sign', 'own.key'];
    assert.deepEqual(carried.words, [
      'bundle',
      'export',
      'Django',
      '--out',
      './b.zip',
      '--platform',
      'windows-x64',
      ...form,
    ]);
    const usual = words({ ...bundle, python: 'usual', form: ['runtime'], sign: '' });
    assert.deepEqual(usual.words.slice(7), []);
  });

  test('the other tasks', () => {
    const place = {
      answers: { start: 'upgrade', upgrade: ['Django'] },
      questions: [],
      environment: '/srv/shop/.venv',
      licences: false,
    };
    assert.deepEqual(wordsOf(place).words, ['upgrade', 'Django', '--env', '/srv/shop/.venv', '--yes']);
    assert.deepEqual(words({ start: 'repair', repair: ['A', 'B'] }).words, [
      'verify',
      'A',
      'B',
      '--repair',
      '--yes',
    ]);
    assert.deepEqual(words({ start: 'uninstall', uninstall: ['A'] }).words, ['uninstall', 'A', '--yes']);
    assert.deepEqual(
      words({ start: 'install', products: ['X'], 'choice:B': 'any', 'choice:C': 'usual' }).words,
      [...['install', 'B', 'X', '--yes']],
    );
  });
});
