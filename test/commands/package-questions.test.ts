// Questions of a package on a terminal: asked again after a wrong answer, new passwords twice, defaults that stand for themselves,
// and the names by which answers come without a question.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswers } from '../../src/commands/answer-file.js';
import type { Said } from '../../src/commands/answers.js';
import { answersTo, refuseUnknown } from '../../src/commands/answers.js';
import type { Context } from '../../src/context.js';
import { AppError } from '../../src/errors.js';
import type { Parameter } from '../../src/types.js';

function question(name: string, about: Partial<Parameter> = {}): Parameter {
  return { name, title: name, type: 'text', tags: [], choices: [], rules: {}, ...about };
}

interface Asked {
  readonly context: Context;
  readonly questions: string[];
  readonly warned: string[];
}

/** A terminal at which somebody types these answers, and then nothing more. */
function terminal(typed: readonly string[], variables: Record<string, string> = {}): Asked {
  const waiting = [...typed];
  const questions: string[] = [];
  const warned: string[] = [];
  const next = (title: string, standard?: string): Promise<string> => {
    questions.push(standard === undefined ? title : `${title} [${standard}]`);
    const answer = waiting.shift();
    if (answer === undefined) throw new Error(`nobody answers '${title}'`);
    return Promise.resolve(answer);
  };
  const context = {
    variables,
    terminal: {
      interactive: true,
      say: (text: string) => void questions.push(text),
      warn: (text: string) => void warned.push(text),
    },
    prompt: {
      text: next,
      password: (title: string) => next(title),
      choose: (title: string, _: unknown, standard?: string) => next(title, standard),
    },
  } as unknown as Context;
  return { context, questions, warned };
}

const ask: Said = { given: new Map(), ask: true };

test('a default holds the answers before it; hidden ones are never asked', async () => {
  const { context, questions } = terminal(['shop', 'shop.db']);
  const answers = await answersTo(
    'App',
    [
      question('Name', { description: 'The name of all' }),
      question('File', { default: '{name}.db', rules: { references: true } }),
      question('Path', { default: '{Name}/{File}/{Other}', rules: { references: true, hidden: true } }),
    ],
    ask,
    context,
  );
  assert.deepEqual(questions, ['The name of all', 'Name', 'File [shop.db]']);
  assert.equal(answers.get('Path'), 'shop/shop.db/{Other}');
});

test('a wrong answer is asked again, the third one is an error; no password is shown', async () => {
  const rules = { required: true, pattern: '^\\d+$' };
  const { context, warned } = terminal(['', 'x', '5']);
  assert.equal((await answersTo('App', [question('Port', { rules })], ask, context)).get('Port'), '5');
  assert.deepEqual([warned.length, warned.join().includes("'x' is no value for 'Port'")], [2, true]);
  const secret = terminal(['hunter', 'hunter', 'hunter']);
  await assert.rejects(
    answersTo('App', [question('Key', { type: 'password', rules })], ask, secret.context),
    (error) =>
      error instanceof AppError && error.code === 'USAGE' && !error.details.join().includes('hunter'),
  );
  assert.ok(!secret.warned.join().includes('hunter'));
});

test("a wrong answer to a feed's own question is asked again too: what was typed before it is not lost", async () => {
  const plain: Parameter = {
    name: 'Port',
    title: 'Port',
    type: 'number',
    default: '',
    tags: [],
    choices: [],
  };
  const { context, warned } = terminal(['abc', '5432']);
  assert.equal((await answersTo('App', [plain], ask, context)).get('Port'), '5432');
  assert.deepEqual(warned, ["'abc' is no value for 'Port'; Wanted a whole number"]);
  await assert.rejects(
    answersTo('App', [plain], { given: new Map([['port', 'abc']]), ask: false }, context),
    (error) =>
      error instanceof AppError && error.hint === 'Give another one, for example `--param Port=NUMBER`',
  );
});

test('a new password is typed twice', async () => {
  const rules = { confirm: true };
  const { context, questions } = terminal(['one', 'other', 'two', 'two']);
  const answers = await answersTo('App', [question('Key', { type: 'password', rules })], ask, context);
  assert.equal(answers.get('Key'), 'two');
  assert.deepEqual(questions, ['Key', 'Key (once more)', 'Key', 'Key (once more)']);
});

test('answers by name, by tag, by a variable with _ for what no variable can hold, and by a file', async () => {
  const parameters = [
    question('My Site', { tags: ['iisapp'] }),
    question('SQL Name', { tags: ['sql', 'dbname'], when: { parameter: 'Engine', values: ['sql'] } }),
    question('User Name'),
    question('Server', { tags: ['dbserver'] }),
  ];
  const engine = question('Engine', { default: 'sql' });
  const { context } = terminal([], { ZOOKIT_PARAM_USER_NAME: 'me', Zookit_Param_DbName: 'shop' });
  const said = {
    given: new Map([['apppath', 'Default Web Site/a']]),
    file: parseAnswers('DbServer[@]db.test\nEngine[@]sql\n', 'answers.app'),
    ask: false,
  };
  assert.deepEqual(
    [...(await answersTo('App', [engine, ...parameters], said, context)).values()],
    ['sql', 'Default Web Site/a', 'shop', 'me', 'db.test'],
  );
  refuseUnknown('App', parameters, said);
  assert.throws(
    () => refuseUnknown('App', parameters, { given: new Map([['apppat', 'x']]), ask: false }),
    (error) => error instanceof AppError && error.message === "'App' has no parameter 'apppat'",
  );
});

test('an engine takes the questions of the others away; a folder is not needed where another answer was given', async () => {
  const parameters = [
    question('Engine', { type: 'choice', default: 'SQL', choices: [{ value: 'SQL' }, { value: 'MySQL' }] }),
    question('A', { when: { parameter: 'Engine', values: ['SQL'] }, rules: { required: true } }),
    question('B', { when: { parameter: 'Engine', values: ['MySQL'] }, default: 'b' }),
    question('Site', { default: 'site' }),
    question('Folder', { rules: { required: true, unlessSaid: 'Site' } }),
  ];
  const { context } = terminal([]);
  const said = (...given: [string, string][]): Said => ({ given: new Map(given), ask: false });
  const answers = await answersTo('App', parameters, said(['engine', 'mysql'], ['site', 'x']), context);
  assert.deepEqual([...answers.values()], ['MySQL', '', 'b', 'x', '']);
  await assert.rejects(
    answersTo('App', parameters, said(), context),
    /needs a value for 'A' \(A\), 'Folder' \(Folder\)/,
  );
});
