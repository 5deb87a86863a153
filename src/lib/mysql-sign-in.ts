// Comes in: a connection to a MySQL or MariaDB server and a login. Goes out: whether it lets that user into that database.
// Signs in and leaves: no query is sent, and the password goes nowhere as it is.
// Source: MySQL's source documentation, "Client/Server Protocol: connection phase" (packets, mysql_native_password,
// caching_sha2_password).
import { constants, createHash, publicEncrypt } from 'node:crypto';
import type { Login, SignIn } from './sign-in.js';
import { refusedBy, signedIn, untold, userRefused } from './sign-in.js';
import type { Wire } from './wire.js';

/** LONG_PASSWORD, LONG_FLAG, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH. */
const abilities = 0x1 | 0x4 | 0x200 | 0x2000 | 0x8000 | 0x80000;
const withDatabase = 0x8;
const utf8mb4 = 45;

interface Packet {
  readonly order: number;
  readonly body: Buffer;
}

interface Challenge {
  readonly method: string;
  readonly nonce: Buffer;
}

/** Signs in; rejects when the connection breaks. */
export async function signInToMysql(wire: Wire, login: Login): Promise<SignIn> {
  const greeting = await receive(wire);
  if (greeting.body[0] === 0xff) return refusal(greeting.body, login);
  if (greeting.body[0] !== 10) return untold('it speaks another protocol');
  let challenge = greeted(greeting.body);
  send(wire, greeting.order + 1, hello(login, challenge));
  for (;;) {
    const { body, order } = await receive(wire);
    const [kind, more] = body;
    if (kind === 0) {
      send(wire, 0, Buffer.from([1]));
      return signedIn;
    }
    if (kind === 0xff) return refusal(body, login);
    if (kind === 0xfe) {
      const end = body.indexOf(0, 1);
      challenge = { method: body.toString('latin1', 1, end), nonce: body.subarray(end + 1, end + 21) };
      const answer = answerTo(challenge, login.password);
      if (!answer) return untold('it wants a way of signing in that only the driver has');
      send(wire, order + 1, answer);
    } else if (kind === 1 && more === 4) {
      await sendSealed(wire, order, challenge, login.password);
    } else if (kind !== 1) {
      return untold('it answers in an unknown way');
    }
  }
}

async function receive(wire: Wire): Promise<Packet> {
  const head = await wire.read(4);
  return { order: head.readUInt8(3), body: await wire.read(head.readUIntLE(0, 3)) };
}

function send(wire: Wire, order: number, body: Buffer): void {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUInt8(order & 0xff, 3);
  wire.write(Buffer.concat([head, body]));
}

/** What the server's first packet asks: its version ends with a zero, 31 bytes stand between the two parts of the nonce. */
function greeted(body: Buffer): Challenge {
  const after = body.indexOf(0) + 1;
  const second = after + 31;
  const length = Math.max(13, (body[after + 20] ?? 0) - 8);
  const nonce = Buffer.concat([body.subarray(after + 4, after + 12), body.subarray(second, second + 12)]);
  const method = body.toString('latin1', second + length).replace(/\0.*$/s, '');
  return { method, nonce };
}

function hello({ user, password, database }: Login, challenge: Challenge): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(abilities | (database === '' ? 0 : withDatabase), 0);
  head.writeUInt32LE(1 << 24, 4);
  head.writeUInt8(utf8mb4, 8);
  // A method that we do not know is asked for again, by another packet.
  const known = answerTo(challenge, password);
  const method = known ? challenge.method : 'mysql_native_password';
  const answer = known ?? Buffer.alloc(0);
  return Buffer.concat([
    head,
    Buffer.from(`${user}\0`),
    Buffer.from([answer.length]),
    answer,
    Buffer.from(`${database === '' ? '' : `${database}\0`}${method}\0`),
  ]);
}

function answerTo({ method, nonce }: Challenge, password: string): Buffer | undefined {
  const name =
    method === 'mysql_native_password' ? 'sha1' : method === 'caching_sha2_password' ? 'sha256' : undefined;
  if (name === undefined) return undefined;
  if (password === '') return Buffer.alloc(0);
  const hash = (...parts: readonly Buffer[]): Buffer =>
    createHash(name).update(Buffer.concat(parts)).digest();
  const once = hash(Buffer.from(password));
  const twice = hash(once);
  return mixed(once, name === 'sha1' ? hash(nonce, twice) : hash(hash(once), nonce));
}

/** The password sealed with the server's key, which is asked for first. */
async function sendSealed(wire: Wire, order: number, { nonce }: Challenge, password: string): Promise<void> {
  send(wire, order + 1, Buffer.from([2]));
  const key = await receive(wire);
  const sealed = publicEncrypt(
    { key: key.body.toString('latin1', 1), padding: constants.RSA_PKCS1_OAEP_PADDING },
    mixed(Buffer.from(`${password}\0`), nonce),
  );
  send(wire, key.order + 1, sealed);
}

function mixed(bytes: Buffer, key: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (key[index % key.length] ?? 0)));
}

/** Codes: MySQL's and MariaDB's "Server Error Message Reference". */
function refusal(body: Buffer, login: Login): SignIn {
  const { user, database } = login;
  const code = body.readUInt16LE(1);
  const message = body.toString('utf8', 3).replace(/^#.{5}/, '');
  if (code === 1045 || code === 1698) return userRefused(login);
  if (code === 1049) return refusedBy(`it has no database '${database}'`);
  if (code === 1044) return refusedBy(`it has no database '${database}' for user '${user}'`);
  if (code === 3159) return untold('it wants an encrypted connection');
  return refusedBy(`it says: ${message}`);
}
