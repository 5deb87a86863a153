// Lists that name the parts of every Windows in one `and`, as WebPI's application list does: what is for another Windows is
// left out, what is a choice stays one, and everything else that cannot be had is still an obstacle.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { parsePlatform } from '../../src/catalog/platform.js';
import { parseFeed } from '../../src/feed/parse.js';
import { resolve } from '../../src/plan/resolve.js';
import type { PlanRequest } from '../../src/plan/request.js';
import { failureText, planWords } from '../helpers/plan-words.js';
import { machineOf } from '../helpers/world.js';

function limits(minimum: string, maximum?: string): string {
  const version = (name: string, text: string): string => {
    const [major = '', minor = ''] = text.split('.');
    return `<${name}><osMajorVersion>${major}</osMajorVersion><osMinorVersion>${minor}</osMinorVersion></${name}>`;
  };
  const upTo = maximum === undefined ? '' : version('maximumVersion', maximum);
  return `<osList><os>${version('minimumVersion', minimum)}${upTo}</os></osList>`;
}

function part(id: string, rules: string): string {
  return `<entry><productId>${id}</productId><version>1</version><installers><installer><id>1</id>${rules}
    <iisComponent><iis70ComponentName>${id}</iis70ComponentName></iisComponent></installer></installers></entry>`;
}

const parts = [
  part('IIS51', limits('5.1', '5.1')),
  part('IIS60', limits('5.2', '5.2')),
  part('Static', limits('6.0')),
  part('Logging', limits('6.0')),
  part('Old', limits('6.0', '6.1')),
  part('Only32', '<architectures><x86/></architectures>'),
].join('');

function tree(text: string): string {
  const inner = text
    .replaceAll(/\w+/g, (id) =>
      id === 'and' || id === 'or' ? id : `<dependency><productId>${id}</productId></dependency>`,
    )
    .replaceAll(/(and|or)\(/g, '<dependency><$1>(');
  // Each closing parenthesis ends the group that was opened last.
  const open: string[] = [];
  return inner.replaceAll(/<(and|or)>\(|\)/g, (_, group: string | undefined) => {
    if (group === undefined) return `</${open.pop() ?? ''}></dependency>`;
    open.push(group);
    return `<${group}>`;
  });
}

function requestOf(needs: string, platform: string, present = ''): PlanRequest {
  const app = `<entry><productId>App</productId><version>1</version>${tree(needs)}
    <installers><installer><id>1</id><msDeploy/></installer></installers></entry>`;
  const feed = parseFeed(`<feed>${parts}${app}</feed>`, '/list.xml');
  assert.deepEqual(feed.warnings, []);
  return {
    catalog: buildCatalog([feed]),
    machine: machineOf(present, { platform: parsePlatform(platform) }),
    wanted: [{ id: 'App' }],
  };
}

const words = (...asked: Parameters<typeof requestOf>): string => planWords(requestOf(...asked));

test('of the IIS of every Windows in one and, that of this Windows is taken', () => {
  const needs = 'and(IIS51 IIS60 and(Static Logging))';
  assert.equal(words(needs, 'windows-x64'), 'Static@1 Logging@1 App@1');
  assert.equal(words(needs, 'windows-x86@5.2'), 'IIS60@1 App@1');
  assert.equal(words(needs, 'windows-x86@5.1:client'), 'IIS51@1 App@1');
  assert.deepEqual(resolve(requestOf(needs, 'windows-x64')).notices, [
    "'App' names IIS51 and IIS60, which are for another Windows only: left out",
  ]);
  assert.equal(
    words('and(Old Static)', 'windows-x64', 'Old@1'),
    'Old@1! Static@1 App@1',
    'what is there, is there',
  );
});

test('a branch of an or that asks for another Windows is no branch while there is one without', () => {
  assert.equal(
    words('or(and(IIS60 Logging) and(Static Logging))', 'windows-x64'),
    'Static@1 Logging@1 App@1',
  );
  assert.equal(words('or(IIS51 IIS60 Static)', 'windows-x64'), 'Static@1 App@1');
  assert.equal(words('or(and(IIS51 IIS60 Static) Unknown)', 'windows-x64'), 'Static@1 App@1');
  assert.equal(words('or(and(or(IIS51 IIS60) Logging) and(Old Static))', 'windows-x64'), 'Static@1 App@1');
});

test('nothing else is left out: other systems, other architectures, unknown ids, an or of other Windows only', () => {
  assert.match(failureText(requestOf('and(IIS51 Static)', 'linux-x64')), /IIS51/);
  assert.match(failureText(requestOf('and(Only32 Static)', 'windows-x64')), /Only32/);
  assert.match(failureText(requestOf('and(Unknown Static)', 'windows-x64')), /Unknown/);
  assert.match(failureText(requestOf('or(IIS51 IIS60)', 'windows-x64')), /IIS51/);
});

test('what was taken of many is told in few words, and without two meanings', () => {
  const needs =
    'or(and(IIS60 Old) and(Static or(Logging Unknown)) and(Static Logging Static Logging Static))';
  assert.deepEqual(resolve(requestOf(needs, 'windows-x64')).notices, [
    "'App' needs IIS60 and Old or Static and (Logging or Unknown) or Static, Logging, Static and 2 more: " +
      'Static and (Logging or Unknown) is taken, because IIS60 1 cannot be installed here: it is only for Windows 5.2',
    "'App' needs Logging or Unknown: Logging is taken, because it is named first",
  ]);
});
