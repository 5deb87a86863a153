// Comes in: pip's own configuration, as `pip config list` prints it. Goes out: the same settings as environment
// variables of uv, which does not read pip's. Values may hold credentials: they are never put into text or arguments.
import type { Run } from '../lib/run.js';

/** What uv must be told to ask the same index as pip, in the same way. */
export interface IndexSettings {
  readonly environment: Readonly<Record<string, string>>;
  /** Options that have no variable. */
  readonly arguments: readonly string[];
}

/** pip's order, later wins; `download` is the command that fetches. */
const sections = ['global', 'download', ':env:'];

/** Reads pip's configuration by asking pip; nothing is set when there is no pip. */
export async function readIndexSettings(run: Run, python: string): Promise<IndexSettings> {
  const result = await run(python, ['-m', 'pip', 'config', 'list'], { env: { PYTHONUTF8: '1' } });
  return toUvSettings(result.status === 0 ? parsePipConfig(result.stdout) : new Map());
}

/** The lines of `pip config list` (`section.key='value'`) as the settings that count. */
export function parsePipConfig(output: string): ReadonlyMap<string, string> {
  const settings = new Map<string, { value: string; rank: number }>();
  for (const line of output.split(/\r?\n/)) {
    const match = /^(:env:|[^.=]+)\.([\w-]+)=(.*)$/.exec(line);
    const [, section = '', key = '', written = ''] = match ?? [];
    const rank = sections.indexOf(section);
    if (rank < 0 || rank < (settings.get(key)?.rank ?? 0)) continue;
    settings.set(key, { value: unquote(written), rank });
  }
  return new Map([...settings].map(([key, { value }]) => [key, value]));
}

/** pip's settings in uv's words (uv reference, environment variables). */
export function toUvSettings(settings: ReadonlyMap<string, string>): IndexSettings {
  const environment: Record<string, string> = {};
  const set = (variable: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') environment[variable] = value;
  };
  const words = (key: string): readonly string[] =>
    (settings.get(key) ?? '').split(/\s+/).filter((word) => word);

  set('UV_DEFAULT_INDEX', settings.get('index-url'));
  set('UV_INDEX', words('extra-index-url').join(' '));
  // pip takes the best version of all its indexes; uv would stop at the first that has the name.
  if (environment['UV_INDEX']) set('UV_INDEX_STRATEGY', 'unsafe-best-match');
  set('UV_FIND_LINKS', words('find-links').join(','));
  set('UV_INSECURE_HOST', words('trusted-host').join(' '));
  set('UV_HTTP_TIMEOUT', settings.get('timeout') ?? settings.get('default-timeout'));
  set('SSL_CERT_FILE', settings.get('cert'));
  set('SSL_CLIENT_CERT', settings.get('client-cert'));
  for (const variable of ['HTTP_PROXY', 'HTTPS_PROXY']) set(variable, settings.get('proxy'));
  const noIndex = ['1', 'true', 'yes', 'on'].includes((settings.get('no-index') ?? '').toLowerCase());
  return { environment, arguments: noIndex ? ['--no-index'] : [] };
}

/** A Python string literal as `repr` writes it. */
function unquote(written: string): string {
  const match = /^(['"])(.*)\1$/.exec(written.trim());
  if (match?.[2] === undefined) return written.trim();
  return match[2].replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter);
}
