// What somebody signs in to a database server with, and what comes of it. Plain data; knows no server.
export interface Login {
  readonly user: string;
  readonly password: string;
  /** The database; may be empty. */
  readonly database: string;
}

/** `untold`: this kind of answer cannot be given from here, and whoever has the driver may well get in. */
export interface SignIn {
  readonly outcome: 'in' | 'refused' | 'untold';
  /** What the server said, or wanted; empty when somebody is in. */
  readonly why: string;
}

export const signedIn: SignIn = { outcome: 'in', why: '' };

export function untold(why: string): SignIn {
  return { outcome: 'untold', why };
}

/** The server does not let that user in. */
export function userRefused({ user, password }: Login): SignIn {
  return refusedBy(
    `it refuses user '${user}' ${password === '' ? 'without a password' : 'with that password'}`,
  );
}

export function refusedBy(why: string): SignIn {
  return { outcome: 'refused', why };
}
