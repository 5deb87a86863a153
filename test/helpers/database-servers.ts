// Goes out: a real PostgreSQL and a real MariaDB of a test's own: data in a temporary folder, a free port on loopback, a
// database, a user and a password. Ended with the test. Undefined where the programs are not installed.
import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';
import { findProgram, freePort } from './front.js';

export interface DatabaseServer {
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** With characters that mean something to shells, to SQL, to JSON and to format strings. */
  readonly password: string;
}

/** A system account to run servers as: they refuse to run as root. */
interface Account {
  readonly uid: number;
  readonly gid: number;
}

const login = { database: 'shop', user: 'shop', password: `s3'cr"et %s $HOME` };
const sqlPassword = login.password.replaceAll("'", "''");

/** PostgreSQL with a user who may make databases, as Django's tests do. */
export async function startPostgresql(context: EndsWith): Promise<DatabaseServer | undefined> {
  const initdb = postgresqlProgram('initdb');
  const postgres = postgresqlProgram('postgres');
  const psql = postgresqlProgram('psql');
  if (initdb === undefined || postgres === undefined || psql === undefined) return undefined;
  const account = accountOf('postgres', 'nobody');
  const { folder, keepRunning } = serverPlace(context, account);
  const data = join(folder, 'data');
  const superuser = ['-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', join(folder, 'password')];
  writeFileSync(join(folder, 'password'), `${login.password}\n`);
  must(initdb, ['-D', data, ...superuser, '-E', 'UTF8', '--locale=C', '--no-sync'], account);
  const port = await freePort();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];
  const lastWords = keepRunning(postgres, ['-D', data, '-p', `${port}`, '-k', folder, ...settings], 'SIGINT');
  const statements = [
    `CREATE ROLE ${login.user} LOGIN CREATEDB PASSWORD '${sqlPassword}'`,
    `CREATE DATABASE ${login.database} OWNER ${login.user}`,
  ];
  const connection = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', '-d', 'postgres'];
  await answers(port, lastWords);
  await ready(
    () => spawnSync(psql, [...connection, '-c', 'SELECT 1'], { env: passwordVariable() }).status === 0,
    lastWords,
  );
  for (const statement of statements)
    must(psql, [...connection, '-c', statement], account, passwordVariable());
  return { port, ...login };
}

/** MariaDB with a user who may make the test database, and nothing else. */
export async function startMariadb(context: EndsWith): Promise<DatabaseServer | undefined> {
  const server = findProgram('mariadbd', 'mysqld');
  const install = findProgram('mariadb-install-db');
  if (server === undefined || install === undefined) return undefined;
  const account = accountOf('mysql', 'nobody');
  const { folder, keepRunning } = serverPlace(context, account);
  const data = join(folder, 'data');
  mkdirSync(data);
  if (account) chownSync(data, account.uid, account.gid);
  must(install, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'], account);
  const user = `'${login.user}'@'127.0.0.1'`;
  const statements = [
    `CREATE DATABASE ${login.database} CHARACTER SET utf8mb4`,
    `CREATE USER ${user} IDENTIFIED BY '${sqlPassword}'`,
    `GRANT ALL ON ${login.database}.* TO ${user}`,
    `GRANT ALL ON test_${login.database}.* TO ${user}`,
  ];
  writeFileSync(join(folder, 'init.sql'), statements.map((each) => `${each};\n`).join(''));
  const port = await freePort();
  const settings = [
    `--datadir=${data}`,
    `--socket=${join(folder, 'socket')}`,
    `--init-file=${join(folder, 'init.sql')}`,
  ];
  const network = [`--port=${port}`, '--bind-address=127.0.0.1', `--pid-file=${join(folder, 'pid')}`];
  const lastWords = keepRunning(
    server,
    ['--no-defaults', ...settings, ...network, '--skip-name-resolve'],
    'SIGTERM',
  );
  await answers(port, lastWords);
  return { port, ...login };
}

function passwordVariable(): NodeJS.ProcessEnv {
  return { ...process.env, PGPASSWORD: login.password };
}

function postgresqlProgram(name: string): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const paths = versions.map((version) => join(debian, version, 'bin', name));
  return paths.find((path) => existsSync(path)) ?? findProgram(name);
}

/** The first of these accounts, when we are root; nobody else has to change. */
function accountOf(...names: readonly string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const fields = names.flatMap((name) => lines.filter((line) => line.startsWith(`${name}:`)))[0]?.split(':');
  if (!fields) throw new Error(`No account of ${names.join(', ')} is here to run a server as`);
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** Undefined as long as the server runs. */
type LastWords = () => string | undefined;

interface ServerPlace {
  /** Belongs to the account. */
  readonly folder: string;
  /** Runs a server there until the test ends; the folder goes when it is gone. What it returns tells the last words of a dead one. */
  readonly keepRunning: (path: string, args: readonly string[], end: NodeJS.Signals) => LastWords;
}

function serverPlace(context: EndsWith, account: Account | undefined): ServerPlace {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-server-'));
  atEnd(context, () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  if (account) chownSync(folder, account.uid, account.gid);
  return {
    folder,
    keepRunning: (path, args, end) => {
      const child = spawn(path, args, { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-5000)));
      const gone = new Promise((resolve) => child.once('close', resolve));
      atEnd(context, () => {
        child.kill(end);
        return gone;
      });
      return () => (child.exitCode === null && child.signalCode === null ? undefined : said);
    },
  };
}

function must(path: string, args: readonly string[], account?: Account, env = process.env): void {
  const { status, stdout, stderr } = spawnSync(path, args, { ...account, env, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`${path} ended with ${status}:\n${stdout}\n${stderr}`);
}

/** Waits until something on the port accepts connections. */
async function answers(port: number, lastWords: LastWords): Promise<void> {
  const tryOnce = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
    });
  await ready(tryOnce, lastWords);
}

async function ready(isReady: () => boolean | Promise<boolean>, lastWords: LastWords): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await isReady()) return;
    const words = lastWords();
    if (words !== undefined) throw new Error(`The database server has ended:\n${words}`);
    await pause(100);
  }
  throw new Error('The database server does not answer');
}
