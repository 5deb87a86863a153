import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../src/lib/proxy.js';

const of = (address: string, variables: Record<string, string>): string => {
  const proxy = proxyFor(new URL(address), variables);
  if (!proxy) return 'none';
  const { protocol, host, port, auth } = proxy;
  return `${protocol}://${auth ? `${auth.username}:${auth.password}@` : ''}${host}:${port}`;
};

test('the variable of the scheme counts, small letters first, then the one for all', () => {
  assert.equal(of('http://a.test', { HTTP_PROXY: 'http://p:1', https_proxy: 'http://p:2' }), 'http://p:1');
  assert.equal(of('https://a.test', { https_proxy: 'p:2', HTTPS_PROXY: 'http://p:3' }), 'http://p:2');
  assert.equal(of('https://a.test', { ALL_PROXY: 'https://p' }), 'https://p:443');
  assert.equal(of('https://a.test', { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: '' }), 'none');
  assert.equal(of('http://a.test', { HTTP_PROXY: 'http://[::1]:8080' }), 'http://::1:8080');
});

test('user and password are what they were before they were escaped', () => {
  assert.equal(of('http://a.test', { http_proxy: 'http://me:p%40s%3As%25@p:1' }), 'http://me:p@s:s%@p:1');
});

test('no_proxy names hosts, what lies below them, ports and networks', () => {
  const straight = (host: string, list: string): boolean =>
    of(`http://${host}/`, { http_proxy: 'http://p:1', no_proxy: list }) === 'none';
  for (const [host, list] of [
    ['a.test', 'a.test'],
    ['A.test', 'other, a.TEST'],
    ['x.a.test', 'a.test'],
    ['x.a.test', '.a.test'],
    ['x.a.test', '*.a.test'],
    ['anything', '*'],
    ['a.test:81', 'a.test:81'],
    ['a.test', 'a.test:80'],
    ['10.1.2.3', '10.0.0.0/8'],
    ['[::1]', '::1'],
    ['[::1]:81', '[::1]:81'],
    ['[fd00::1]', 'fd00::/8'],
  ] as const)
    assert.ok(straight(host, list), `${host} in ${list}`);
  for (const [host, list] of [
    ['ba.test', 'a.test'],
    ['a.test', 'a.test:81'],
    ['a.test', ''],
    ['a.test', 'b.test,.c.test'],
    ['11.1.2.3', '10.0.0.0/8'],
    ['10.1.2.3', '10.0.0.0/99'],
    ['a.test', '10.0.0.0/8'],
  ] as const)
    assert.ok(!straight(host, list), `${host} not in ${list}`);
});

test('what is no proxy is told by the name of its variable only', () => {
  for (const value of ['http://me:secret:x', 'socks5://me:secret@p:1', 'http://me:%zz@p'])
    assert.throws(
      () => of('https://a.test', { https_proxy: value }),
      (error: { code?: string; message: string; details?: readonly string[] }) => {
        assert.equal(error.code, 'USAGE');
        assert.match(error.message, /HTTPS_PROXY/);
        assert.doesNotMatch(error.message + (error.details ?? []).join(), /secret/);
        return true;
      },
    );
});
