// The words of every error that the sources make, read from the sources themselves: by the rules of src/README.md.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { exitStatuses, messageOf } from '../src/errors.js';
import { saidBadly } from './helpers/good-words.js';

const top = fileURLToPath(new URL('../../', import.meta.url));

interface Words {
  readonly place: string;
  readonly code: string | undefined;
  /** Undefined where it is made elsewhere. */
  readonly message: string | undefined;
  readonly details: readonly string[];
  readonly hint: string | undefined;
  /** A hint is given, whatever its words. */
  readonly hinted: boolean;
}

function sources(): string[] {
  return ['src', 'installers'].flatMap((folder) =>
    readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name).split(sep).join('/')),
  );
}

/** A text as it stands there, with `X` for what is filled in; undefined for an expression that is none. */
function textOf(node: ts.Node | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `X${literal.text}`).join('');
}

function wordsOf(made: ts.NewExpression, place: string): Words {
  const [code, message, options] = made.arguments ?? [];
  const given = options && ts.isObjectLiteralExpression(options) ? options.properties : undefined;
  const named = (name: string): ts.ObjectLiteralElementLike | undefined =>
    given?.find((each) => each.name !== undefined && each.name.getText() === name);
  const valueOf = (name: string): ts.Expression | undefined => {
    const found = named(name);
    return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
  };
  const details = valueOf('details');
  const lines = details && ts.isArrayLiteralExpression(details) ? [...details.elements] : [];
  return {
    place,
    code: textOf(code),
    message: textOf(message),
    details: lines.flatMap((line) => textOf(line) ?? []),
    hint: textOf(valueOf('hint')),
    hinted: named('hint') !== undefined || given?.some((each) => ts.isSpreadAssignment(each)) === true,
  };
}

function wordsIn(file: string): Words[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(top, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Words[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'AppError') {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(wordsOf(node, `${file}:${line + 1}`));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const all = sources().flatMap(wordsIn);

test('every error of the sources is said by the rules', () => {
  assert.ok(all.length > 250, 'they are found');
  const bad = all.flatMap(({ place, message, details, hint }) =>
    saidBadly({ message: message ?? 'Elsewhere', details, ...(hint === undefined ? {} : { hint }) }).map(
      (what) => `${place}: ${what}: ${[message, ...details, hint].join(' | ')}`,
    ),
  );
  assert.deepEqual(bad, []);
});

test('every error has a code of the table and a hint, but for what was interrupted', () => {
  const codes = new Set(Object.keys(exitStatuses));
  assert.deepEqual(
    all.filter(({ code }) => code !== undefined && !codes.has(code)).map(({ place }) => place),
    [],
  );
  const without = all.filter(({ code, hinted }) => code !== 'INTERRUPTED' && !hinted);
  assert.deepEqual(
    without.map(({ place, message }) => `${place}: ${message ?? ''}`),
    [],
  );
});

test("the system's errors have words", () => {
  const told = (message: string): string => messageOf(new Error(message));
  assert.equal(told("ENOENT: no such file or directory, open '/a'"), "there is no such file or folder: '/a'");
  assert.equal(
    told("EXDEV: cross-device link not permitted, rename '/a' -> '/b'"),
    "cross-device link not permitted: '/a' -> '/b'",
  );
  assert.equal(told('spawn pip ENOENT'), "there is no program 'pip'");
  assert.equal(told('connect ECONNREFUSED 127.0.0.1:1'), 'nobody answers (127.0.0.1:1)');
  assert.equal(told('getaddrinfo ENOTFOUND a.test'), 'the name is not known (a.test)');
  assert.equal(told('read ECONNRESET'), 'the connection was cut');
  const unknown = 'unable to verify the first certificate';
  for (const more of ['', '; if the root CA is installed locally, try running Node.js with --use-system-ca'])
    assert.equal(told(unknown + more), 'nobody known here has signed its certificate');
  assert.equal(told('anything else'), 'anything else');
  assert.equal(messageOf('no error'), 'no error');
});
