// Comes in: what was answered about a database server. Goes out: whether the site will get in there, as a sentence: somebody
// listens, and lets that user into that database. PostgreSQL, MySQL and MariaDB are signed in to; of others only the port is tried.
import { AppError } from '../../errors.js';
import { signInToMysql } from '../../lib/mysql-sign-in.js';
import { signInToPostgresql } from '../../lib/postgresql-sign-in.js';
import type { Login, SignIn } from '../../lib/sign-in.js';
import { untold } from '../../lib/sign-in.js';
import type { Wire } from '../../lib/wire.js';
import { openWire } from '../../lib/wire.js';
import type { Parameter } from '../../types.js';

/** Where the site's database is, and what the site says there. */
export interface DatabaseAddress extends Login {
  readonly server: string;
  readonly port: number;
  /** The answer that names the kind of server: `postgresql`. */
  readonly kind: string;
}

export interface DatabaseLook {
  /** Nothing is known that would keep the site out. */
  readonly usable: boolean;
  readonly sentence: string;
}

interface DatabaseKind {
  /** What servers listen on when nobody says another (IANA; Oracle's listener). */
  readonly port: number;
  readonly signIn?: (wire: Wire, login: Login) => Promise<SignIn>;
}

const kinds: Readonly<Record<string, DatabaseKind>> = {
  postgresql: { port: 5432, signIn: signInToPostgresql },
  mysql: { port: 3306, signIn: signInToMysql },
  mssql: { port: 1433 },
  oracle: { port: 1521 },
};

/** A question about the server itself, told by WebPI's tags. */
export function isAboutDatabase({ tags }: Parameter): boolean {
  return tags.some((tag) => /^db(server|port|name|username|password)$/i.test(tag));
}

/** The address in the answers, told by the tags `DbServer`, `DbPort`, ...; undefined when no server is asked for. */
export function databaseAddress(
  questions: readonly Parameter[],
  answerTo: (parameter: Parameter) => string | undefined,
): DatabaseAddress | undefined {
  const tagged = (tag: string): string => {
    const parameter = questions.find(({ tags }) => tags.some((each) => each.toLowerCase() === tag));
    return (parameter && answerTo(parameter)) ?? '';
  };
  const server = tagged('dbserver');
  if (server === '') return undefined;
  const kind = questions.map((each) => answerTo(each) ?? '').find((answer) => answer in kinds) ?? '';
  const port = Number(tagged('dbport')) || kinds[kind]?.port;
  if (port === undefined) return undefined;
  const login = {
    user: tagged('dbusername'),
    password: tagged('dbpassword'),
    database: tagged('dbname'),
  };
  return { server, port, kind, ...login };
}

const patience = 3000;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on that port',
  ENOTFOUND: 'no computer of that name is known',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'there is no way to that computer',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: `no answer came within ${patience / 1000} seconds`,
  ERR_SOCKET_BAD_PORT: 'there is no such port',
};

/** Connects, signs in where that can be done, and leaves. */
export async function lookForDatabase(address: DatabaseAddress, signal: AbortSignal): Promise<DatabaseLook> {
  // An IPv6 address has colons itself (RFC 3986, 3.2.2).
  const server = address.server.includes(':') ? `[${address.server}]` : address.server;
  const place = `${server}:${address.port}`;
  let wire: Wire;
  try {
    wire = await openWire({ ...address, signal, patience });
  } catch (error) {
    if (signal.aborted) throw new AppError('INTERRUPTED', 'Stopped while looking for the database');
    return { usable: false, sentence: `${place}: ${reasonOf(error)}` };
  }
  try {
    return told(place, address, await signIn(wire, address));
  } catch (error) {
    if (signal.aborted) throw new AppError('INTERRUPTED', 'Stopped while looking for the database');
    const ended = `${place} answers, but not as a database of that kind does: ${reasonOf(error)}`;
    return { usable: false, sentence: ended };
  } finally {
    wire.end();
  }
}

async function signIn(wire: Wire, address: DatabaseAddress): Promise<SignIn> {
  const { kind, user } = address;
  const known = kinds[kind]?.signIn;
  if (!known) return untold('signing in to this kind of server is left to its driver');
  return user === '' ? untold('no user was named, so nobody signed in') : known(wire, address);
}

function told(place: string, { user, database }: DatabaseAddress, { outcome, why }: SignIn): DatabaseLook {
  if (outcome === 'refused') return { usable: false, sentence: `${place} answers, but ${why}` };
  if (outcome === 'untold') return { usable: true, sentence: `${place} answers; ${why}` };
  const where = database === '' ? '' : ` to database '${database}'`;
  return { usable: true, sentence: `${place}: user '${user}' can sign in${where}` };
}

function reasonOf(error: unknown): string {
  const { code, errors, message } = error as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };
  // A name with several addresses fails with one error for each.
  const first = code ?? errors?.[0]?.code ?? '';
  return reasons[first] ?? (first || message);
}
