// What a command is given: where things lie, how to speak, how to ask, how to fetch, how to run. Made once per run by
// `cli`; stages name the few parts that they need.
import { randomUUID } from 'node:crypto';
import { parsePlatform, thisPlatform } from './catalog/platform.js';
import type { Probe } from './catalog/probe-file.js';
import type { Cache } from './download/cache.js';
import { openCache } from './download/cache.js';
import type { InstallerKind } from './kind.js';
import type { Http } from './lib/http.js';
import { createHttp } from './lib/http.js';
import { markedRun } from './lib/orphans.js';
import type { Prompt } from './lib/prompt.js';
import { createPrompt } from './lib/prompt.js';
import { isAdministrator } from './lib/rights.js';
import type { Run } from './lib/run.js';
import { run } from './lib/run.js';
import type { Terminal } from './lib/terminal.js';
import type { Paths } from './paths.js';
import { keptFiles } from './paths.js';
import type { KindName, Platform } from './types.js';

export interface Context {
  readonly version: string;
  readonly paths: Paths;
  readonly terminal: Terminal;
  readonly prompt: Prompt;
  readonly http: Http;
  /** Runs programs, marked as this run's: should it be killed, the next one finds them. */
  readonly run: Run;
  readonly runId: string;
  readonly cache: Cache;
  readonly kinds: ReadonlyMap<KindName, InstallerKind>;
  readonly platform: Platform;
  /** False when `--platform` or `--machine` names another machine. */
  readonly thisMachine: boolean;
  /** What `--machine` tells of it. */
  readonly probe: Probe | undefined;
  readonly offline: boolean;
  readonly language: string | undefined;
  /** Replaces the built-in feed. */
  readonly mainFeed: string | undefined;
  /** `--feed`, in the order given. */
  readonly extraFeeds: readonly string[];
  readonly signal: AbortSignal;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Exit status when all is done and a restart is needed: 0, or Windows' 3010 for WebPICMD's words. */
  readonly restartStatus: number;
  /** Somebody has seen the plan already: the wizard's page has shown it. */
  readonly shown?: boolean;
}

export interface ContextSettings {
  readonly version: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly paths: Paths;
  readonly platformWords: string | undefined;
  readonly probe: Probe | undefined;
  readonly offline: boolean;
  readonly language: string | undefined;
  readonly mainFeed: string | undefined;
  readonly extraFeeds: readonly string[];
  readonly kinds: ReadonlyMap<KindName, InstallerKind>;
  /** Environment variables that the command line stands for. */
  readonly moreVariables: Readonly<Record<string, string>>;
  readonly restartStatus: number;
}

/** The context of one run; throws USAGE for a platform that is none. */
export function createContext(settings: ContextSettings): Context {
  const { platformWords, moreVariables, ...rest } = settings;
  const { probe } = settings;
  const runId = randomUUID();
  return {
    ...rest,
    prompt: createPrompt(),
    http: createHttp({
      userAgent: `zookit/${settings.version}`,
      ...(process.env['SSL_CERT_FILE'] ? { certificates: process.env['SSL_CERT_FILE'] } : {}),
    }),
    runId,
    run: markedRun(run, runId),
    cache: openCache(settings.paths.cache, [keptFiles(settings.paths)]),
    platform:
      platformWords === undefined ? (probe?.platform ?? thisPlatform()) : parsePlatform(platformWords),
    thisMachine: platformWords === undefined && probe === undefined,
    variables: { ...process.env, ...moreVariables },
  };
}

/** Whether what this process does counts for the whole machine. */
export function isAdmin(context: Pick<Context, 'run'>): Promise<boolean> {
  return isAdministrator(context.run);
}
