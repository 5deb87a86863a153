// Comes in: a connection to a PostgreSQL server and a login. Goes out: whether it lets that user into that database. Signs in
// and leaves: no query is sent, and the password goes nowhere as it is.
// Sources: PostgreSQL's manual, "Frontend/Backend Protocol" (message flow, formats, SASL); RFC 5802 and 7677 (SCRAM).
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Login, SignIn } from './sign-in.js';
import { refusedBy, signedIn, untold, userRefused } from './sign-in.js';
import type { Wire } from './wire.js';

const protocol = 196608;

/** A server that wants more rounds than this wants our time. */
const mostRounds = 1_000_000;

interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** Signs in; rejects when the connection breaks. */
export async function signInToPostgresql(wire: Wire, login: Login): Promise<SignIn> {
  const words = ['user', login.user, ...(login.database === '' ? [] : ['database', login.database])];
  const body = Buffer.concat([number(protocol), Buffer.from(`${words.join('\0')}\0\0`)]);
  wire.write(Buffer.concat([number(body.length + 4), body]));
  for (;;) {
    const { type, body: said } = await receive(wire);
    if (type === 'E') return refusal(said, login);
    if (type === 'Z') {
      send(wire, 'X', Buffer.alloc(0));
      return signedIn;
    }
    if (type !== 'R') continue;
    const wanted = said.readInt32BE(0);
    if (wanted === 5) {
      send(wire, 'p', Buffer.from(`${md5Answer(login, said.subarray(4))}\0`));
    } else if (wanted === 10 && said.toString('latin1', 4).split('\0').includes('SCRAM-SHA-256')) {
      const ended = await scram(wire, login);
      if (ended) return ended;
    } else if (wanted !== 0 && wanted !== 12) {
      return untold('it wants a way of signing in that only the driver has');
    }
  }
}

async function receive(wire: Wire): Promise<Message> {
  const head = await wire.read(5);
  return { type: head.toString('latin1', 0, 1), body: await wire.read(Math.max(0, head.readInt32BE(1) - 4)) };
}

function send(wire: Wire, type: string, body: Buffer): void {
  wire.write(Buffer.concat([Buffer.from(type), number(body.length + 4), body]));
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function md5Answer({ user, password }: Login, salt: Buffer): string {
  const inner = createHash('md5').update(password).update(user).digest('hex');
  return `md5${createHash('md5').update(inner).update(salt).digest('hex')}`;
}

/** The exchange up to our proof; undefined when it was sent, and the server has the word. */
async function scram(wire: Wire, { password }: Login): Promise<SignIn | undefined> {
  const nonce = randomBytes(18).toString('base64');
  const first = `n=,r=${nonce}`;
  const start = Buffer.from(`n,,${first}`);
  send(wire, 'p', Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), number(start.length), start]));
  const { type, body } = await receive(wire);
  if (type !== 'R' || body.readInt32BE(0) !== 11) return untold('it broke off the exchange of proofs');
  const answer = body.toString('utf8', 4);
  const fields = new Map(answer.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
  const both = fields.get('r') ?? '';
  const rounds = Number(fields.get('i'));
  if (!both.startsWith(nonce) || !(rounds >= 1 && rounds <= mostRounds))
    return untold('its part of the exchange of proofs cannot be right');
  const salt = Buffer.from(fields.get('s') ?? '', 'base64');
  const salted = await promisify(pbkdf2)(password.normalize('NFKC'), salt, rounds, 32, 'sha256');
  const key = hmac(salted, 'Client Key');
  const last = `c=biws,r=${both}`;
  const signature = hmac(createHash('sha256').update(key).digest(), `${first},${answer},${last}`);
  const proof = Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0)));
  send(wire, 'p', Buffer.from(`${last},p=${proof.toString('base64')}`));
  return undefined;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Codes: PostgreSQL's manual, appendix A. */
function refusal(body: Buffer, login: Login): SignIn {
  const fields = body.toString('utf8').split('\0');
  const field = (letter: string): string => fields.find((each) => each.startsWith(letter))?.slice(1) ?? '';
  const message = field('M');
  if (field('C') === '28P01') return userRefused(login);
  if (field('C') === '3D000') return refusedBy(`it has no database '${login.database}'`);
  // Whoever comes encrypted, as the driver does, may be let in.
  if (/no encryption|SSL off/i.test(message)) return untold('it wants an encrypted connection');
  return refusedBy(`it says: ${message}`);
}
