// Comes in: what was answered about a database server. Goes out: whether anything answers there, as a sentence. Signs in
// nowhere and sends no byte: drivers come with the installation, and a wrong password is for them to tell.
import { connect } from 'node:net';
import type { Parameter } from '../types.js';
import type { Answers } from './wizard-flow.js';
import { parameterPage } from './wizard-flow.js';

export interface DatabaseAddress {
  readonly server: string;
  readonly port: number;
}

export interface DatabaseLook {
  readonly answers: boolean;
  readonly sentence: string;
}

/** The ports that servers listen on when nobody says another (IANA; Oracle's listener). */
const usualPorts: Readonly<Record<string, number>> = {
  postgresql: 5432,
  mysql: 3306,
  mssql: 1433,
  oracle: 1521,
};

/** The address in the answers, told by the tags `DbServer` and `DbPort`; undefined when no server is asked for. */
export function databaseAddress(
  questions: readonly Parameter[],
  answers: Answers,
): DatabaseAddress | undefined {
  const answerTo = (tag: string): string | undefined => {
    const parameter = questions.find(({ tags }) => tags.some((each) => each.toLowerCase() === tag));
    const answer = parameter && answers[parameterPage(parameter.name)];
    return typeof answer === 'string' ? answer : undefined;
  };
  const server = answerTo('dbserver');
  if (server === undefined || server === '') return undefined;
  const kinds = questions.flatMap(({ name }) => [answers[parameterPage(name)]].flat());
  const usual = kinds.map((kind) => usualPorts[String(kind)]).find((port) => port !== undefined);
  const port = Number(answerTo('dbport') ?? '') || usual;
  return port === undefined ? undefined : { server, port };
}

/** The page to mend an address on: the first question about the server. */
export function databasePage(questions: readonly Parameter[]): string | undefined {
  const first = questions.find(({ tags }) => tags.some((tag) => tag.toLowerCase() === 'dbserver'));
  return first && parameterPage(first.name);
}

const patience = 3000;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on that port',
  ENOTFOUND: 'no such computer is known',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'there is no way to that computer',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer came',
};

/** Opens a connection and closes it. */
export function lookForDatabase(
  { server, port }: DatabaseAddress,
  signal: AbortSignal,
): Promise<DatabaseLook> {
  return new Promise((resolve) => {
    const socket = connect({ host: server, port, signal });
    const end = (answers: boolean, sentence: string): void => {
      socket.destroy();
      resolve({ answers, sentence });
    };
    socket.setTimeout(patience, () =>
      end(false, `${server}:${port}: ${reasons['ETIMEDOUT'] ?? ''} within 3 seconds`),
    );
    socket.on('connect', () => end(true, `${server}:${port} answers`));
    socket.on('error', (error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }) => {
      // A name with several addresses fails with one error for each.
      const code = error.code ?? error.errors?.[0]?.code ?? '';
      end(false, `${server}:${port}: ${reasons[code] ?? (code || 'it cannot be connected to')}`);
    });
  });
}
