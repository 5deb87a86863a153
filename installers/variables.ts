// Comes in: text of a feed's command with `%NAME%`, and a job. Goes out: the text to run and the text to show: what is
// secret stands only in the first. Knows WebPI's own variables; runs nothing.
import { AppError } from '../src/errors.js';
import type { Job } from '../src/kind.js';
import { fileKey } from '../src/lib/file-key.js';
import type { Variables } from '../src/lib/windows.js';
import { expandVariables } from '../src/lib/windows.js';

export interface CommandText {
  readonly real: string;
  /** For the journal and for messages. */
  readonly shown: string;
}

export type Expand = (text: string) => CommandText;

/** What of a job fills in variables. */
export type Filling = Pick<Job, 'step' | 'files' | 'values' | 'secrets'>;

/** What WebPI filled in itself: consent to telemetry, which nobody gives here, and modes that we do not have. */
const webpi: Variables = { telemetry: '', SQLModeArgs: '', SQLEngineArgs: '' };

/**
 * Fills in a job's variables: the installer's file, answers to parameters, the environment. Throws INSTALLER_FAILED for an
 * answer that would change the command line around it; `shell` names the program that reads more into it than quotes.
 */
export function expanderFor(job: Filling, environment: Variables, shell = false): Expand {
  const file = installerFile(job);
  const common: Variables = {
    ...environment,
    ...webpi,
    ...(file === undefined ? {} : { InstallerFile: file }),
  };
  const answers = new Map([...job.values, ...job.secrets]);
  const hidden = secretNames(job);
  return (text) => {
    const named = [...answers].filter(([name]) => text.toLowerCase().includes(`%${name.toLowerCase()}%`));
    for (const [name, value] of named) refuseHarmful(job.step.product, name, value, shell);
    const real = { ...common, ...Object.fromEntries(named) };
    const masks = named.map(([name, value]) => [name, hidden.has(name) ? '***' : value] as const);
    return {
      real: expandVariables(text, real),
      shown: expandVariables(text, { ...common, ...Object.fromEntries(masks) }),
    };
  };
}

/** Text that a program said, without the secrets that it was given. */
export function withoutSecrets(job: Filling, text: string): string {
  const answers = new Map([...job.values, ...job.secrets]);
  return [...secretNames(job)]
    .map((name) => answers.get(name) ?? '')
    .filter((value) => value !== '')
    .reduce((shown, value) => shown.replaceAll(value, '***'), text);
}

function secretNames({ secrets, step }: Filling): ReadonlySet<string> {
  const passwords = (step.entry?.parameters ?? []).filter(({ type }) => type === 'password');
  return new Set([...secrets.keys(), ...passwords.map(({ name }) => name)]);
}

const endsQuotes = /["\p{Cc}]/u;
/** cmd.exe reads these as its own even between quotes, or joins commands with them. */
const endsCommand = /["\p{Cc}%!^&|<>()]/u;

function refuseHarmful(product: string, name: string, value: string, shell: boolean): void {
  if (!(shell ? endsCommand : endsQuotes).test(value)) return;
  throw new AppError(
    'INSTALLER_FAILED',
    `The answer to '${name}' cannot be given to the installer of '${product}'`,
    {
      details: [
        shell
          ? 'Wanted a value without quotes, control characters and % ! ^ & | < > ( )'
          : 'Wanted a value without quotes and control characters',
      ],
      hint: `Choose another value with \`--param ${name}=VALUE\``,
    },
  );
}

/** Where the installer's file lies, when it has one. */
export function installerFile({ step, files }: Pick<Job, 'step' | 'files'>): string | undefined {
  const key = installerKey(step);
  return key === undefined ? undefined : files.get(key);
}

/** The name by which a job's files know the installer's own. */
export function installerKey({ installer }: Job['step']): string | undefined {
  const file = installer?.file;
  return file && fileKey({ ...file, urls: [file.url, file.relativeUrl ?? ''].filter((url) => url !== '') });
}
