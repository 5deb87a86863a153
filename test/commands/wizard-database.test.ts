// What the wizard tells of a database server that cannot be used, and of one that only our own words can stand for: here no
// server of that kind has to be installed.
import assert from 'node:assert/strict';
import { constants, createHash, generateKeyPairSync, privateDecrypt, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import type { DatabaseAddress } from '../../src/commands/wizard/database.js';
import { databaseAddress, lookForDatabase } from '../../src/commands/wizard/database.js';
import type { Parameter } from '../../src/types.js';
import { freePort } from '../helpers/front.js';

const login = { user: 'shop', password: 'dröwssap', database: 'shop' };
const calm = new AbortController().signal;

async function listening(context: TestContext, talk: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  }).listen(0, '127.0.0.1');
  context.after(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function looked(
  kind: string,
  port: number,
  more: Partial<DatabaseAddress> = {},
): ReturnType<typeof lookForDatabase> {
  return lookForDatabase({ kind, server: '127.0.0.1', port, ...login, ...more }, calm);
}

function question(name: string, tags: readonly string[] = []): Parameter {
  return { name, type: 'text', title: name, tags, choices: [] };
}

describe('the address of a database', () => {
  const questions = [
    question('Kind'),
    question('Where', ['dbserver']),
    question('Port', ['DbPort']),
    question('Who', ['DbUsername']),
  ];

  test('is told by the tags; the kind of server has a usual port', () => {
    const answers: Record<string, string> = {
      Kind: 'postgresql',
      Where: 'db.example.com',
      Port: '',
      Who: 'shop',
    };
    const address = databaseAddress(questions, ({ name }) => answers[name]);
    const expected = { kind: 'postgresql', server: 'db.example.com', port: 5432, user: 'shop' };
    assert.deepEqual(address, { ...expected, password: '', database: '' });
    assert.equal(databaseAddress(questions, ({ name }) => ({ ...answers, Port: '99' })[name])?.port, 99);
  });

  test('is none without a server, or without a port that anybody knows', () => {
    assert.equal(
      databaseAddress(questions, () => ''),
      undefined,
    );
    assert.equal(
      databaseAddress(questions, ({ name }) => ({ Kind: 'paper', Where: 'x' })[name]),
      undefined,
    );
  });
});

describe('a database server', () => {
  test('that nobody has started, or that no name leads to', async () => {
    const port = await freePort();
    const nobody = await looked('postgresql', port);
    assert.deepEqual(nobody, { usable: false, sentence: `127.0.0.1:${port}: nothing listens on that port` });
    const far = await looked('postgresql', 65536);
    assert.deepEqual(far, { usable: false, sentence: '127.0.0.1:65536: there is no such port' });
    const numbered = await looked('postgresql', 65536, { server: '::1' });
    assert.equal(numbered.sentence, '[::1]:65536: there is no such port');
  });

  test('that closes, says something else, or promises more than anybody sends', async (context) => {
    const closes = await listening(context, (socket) => socket.end());
    const web = await listening(context, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const greedy = await listening(context, (socket) => socket.write(Buffer.from([82, 127, 255, 255, 255])));
    for (const kind of ['postgresql', 'mysql'])
      for (const port of [closes, web, greedy]) {
        const { usable, sentence } = await looked(kind, port);
        assert.equal(usable, false, sentence);
        assert.match(
          sentence,
          new RegExp(`^127\\.0\\.0\\.1:${port} answers, but not as a database of that kind does`),
        );
        assert.doesNotMatch(sentence, /announced/);
      }
  });

  test('of a kind that only its driver signs in to, and one for which no user was named', async (context) => {
    const port = await listening(context, () => undefined);
    const driver = await looked('mssql', port);
    assert.deepEqual(driver, {
      usable: true,
      sentence: `127.0.0.1:${port} answers; signing in to this kind of server is left to its driver`,
    });
    const unnamed = await looked('postgresql', port, { user: '' });
    assert.deepEqual(unnamed, {
      usable: true,
      sentence: `127.0.0.1:${port} answers; no user was named, so nobody signed in`,
    });
  });
});

/** A PostgreSQL that knows the old way with MD5; another password is refused. */
function md5Server(socket: Socket): void {
  const salt = randomBytes(4);
  socket.once('data', () => {
    socket.write(Buffer.concat([Buffer.from('R\0\0\0\u000c\0\0\0\u0005', 'latin1'), salt]));
    socket.once('data', (answer) => {
      const inner = createHash('md5').update(`${login.password}${login.user}`).digest('hex');
      const wanted = `md5${createHash('md5').update(inner).update(salt).digest('hex')}`;
      const right = answer.toString('latin1', 5, answer.length - 1) === wanted;
      const refusal = 'SFATAL\0C28P01\0Mno\0\0';
      socket.write(
        right
          ? Buffer.from('R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I', 'latin1')
          : Buffer.from(`E\0\0\0${String.fromCharCode(refusal.length + 4)}${refusal}`, 'latin1'),
      );
    });
  });
}

/** A MySQL that has the user's password in no cache: it wants it sealed with its key. */
function sha2Server(socket: Socket): void {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const nonce = Buffer.from(randomBytes(20).map((byte) => byte | 1));
  const send = (order: number, body: Buffer): void => {
    const head = Buffer.from([body.length & 255, body.length >> 8, 0, order]);
    socket.write(Buffer.concat([head, body]));
  };
  const zeros = (count: number): Buffer => Buffer.alloc(count);
  send(
    0,
    Buffer.concat([
      Buffer.from('\n8.4.0\0'),
      zeros(4),
      nonce.subarray(0, 8),
      zeros(1 + 2 + 1 + 2 + 2),
      Buffer.from([21]),
      zeros(10),
      nonce.subarray(8),
      Buffer.from('\0caching_sha2_password\0'),
    ]),
  );
  socket.once('data', () => {
    send(2, Buffer.from([1, 4]));
    socket.once('data', () => {
      const key = publicKey.export({ type: 'spki', format: 'pem' });
      send(4, Buffer.concat([Buffer.from([1]), Buffer.from(key)]));
      socket.once('data', (sealed) => {
        const padding = constants.RSA_PKCS1_OAEP_PADDING;
        const mixed = privateDecrypt({ key: privateKey, padding }, sealed.subarray(4));
        const said = Buffer.from(mixed.map((byte, index) => byte ^ (nonce[index % 20] ?? 0))).toString();
        const right = said === `${login.password}\0`;
        send(
          6,
          right ? Buffer.from([0, 0, 0, 2, 0, 0, 0]) : Buffer.from('\u00ff\u0015\u0004#28000no', 'latin1'),
        );
      });
    });
  });
}

describe('ways of signing in that no server here has', () => {
  for (const [name, kind, talk] of [
    ['MD5 of PostgreSQL', 'postgresql', md5Server],
    ["MySQL's caching_sha2_password, sealed", 'mysql', sha2Server],
  ] as const)
    test(name, async (context) => {
      const port = await listening(context, talk);
      const sentence = `127.0.0.1:${port}: user 'shop' can sign in to database 'shop'`;
      assert.deepEqual(await looked(kind, port), { usable: true, sentence });
      const refused = `127.0.0.1:${port} answers, but it refuses user 'shop' with that password`;
      assert.deepEqual(await looked(kind, port, { password: 'other' }), { usable: false, sentence: refused });
      const without = `127.0.0.1:${port} answers, but it refuses user 'shop' without a password`;
      assert.deepEqual(await looked(kind, port, { password: '' }), { usable: false, sentence: without });
    });
});
