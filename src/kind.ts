// The contract between the install stage and the code of an installer kind (installers/*.ts): what a kind is given,
// what it must tell the journal, what it returns. Types only.
import type { KindName, OperatingSystem, Parameter, Platform, Step } from './types.js';
import type { Run } from './lib/run.js';
import type { Values } from './lib/template.js';

/**
 * Something that a kind is about to do, on disk in the journal before it is done, so that the next run can take it back
 * after a crash. Undoing one that was never done must do nothing.
 */
export type Change =
  /** A file or folder that did not exist. Undo: remove it. */
  | { readonly kind: 'created'; readonly path: string }
  /** What was at `path` is moved to `retired` first. Undo: remove `path`, move back. */
  | { readonly kind: 'replaced'; readonly path: string; readonly retired: string }
  /** Distributions put into an environment. `packages` is the whole closure as `name==version`. */
  | {
      readonly kind: 'packages';
      readonly environment: string;
      readonly packages: readonly string[];
      /** Those of them that were not there. Undo: take these out. */
      readonly added: readonly string[];
      /** `name==version` of those that were there in another version. Undo: put these back when the cache has them. */
      readonly replaced: readonly string[];
    }
  /** A program was run. Undo: run `undo`, when there is one. */
  | {
      readonly kind: 'ran';
      readonly command: readonly string[];
      readonly undo?: readonly string[];
      /** Exit statuses of `undo` that mean as much as 0: it is not there, or gone after a restart. */
      readonly gone?: readonly number[];
      /** Exit statuses of `undo` after which it is worth waiting for another installation to end. */
      readonly busy?: readonly number[];
      readonly cwd?: string;
      /** It holds only while the step is carried out: with the product there is nothing of it to take back. */
      readonly passing?: true;
    };

/** One step to carry out. */
export interface Job {
  readonly step: Step;
  readonly platform: Platform;
  /** Where products' own folders lie. */
  readonly programs: string;
  /** Absolute paths of other products and of Zookit itself: no product's folder may hold one or lie in one. */
  readonly taken?: readonly string[];
  /** Skeleton files that every project gets. */
  readonly sharedTemplate: string;
  /** The Python environment that the command works on; may not exist yet. */
  readonly environment: string;
  /** The base interpreter of the plan, once it is on the machine. */
  readonly interpreter?: { readonly version: string; readonly path: string };
  /** The folder of the project that a template makes. */
  readonly project?: string;
  /** Absolute paths of what the journal knows of this product: an older version's folder. */
  readonly own?: readonly string[];
  /** Zookit itself has brought a version of it before. */
  readonly isOurs?: boolean;
  /** False: the project is only written, its deploy.py waits for the first start. */
  readonly deploy?: boolean;
  /** Packages are put in again although their version is there: it is damaged. */
  readonly reinstall?: boolean;
  /** Where Windows finds the files of its features: `D:\sources\sxs`. */
  readonly featureSource?: string;
  /** IIS is changed although several servers share its configuration. */
  readonly sharedConfiguration?: boolean;
  /** Answers to parameters, and what a skeleton may use besides. */
  readonly values: Values;
  /** Answers that may enter no file (WebPI's tag `NoStore`): given to programs by their environment only. */
  readonly secrets: Values;
  /** Fetched files by `fileKey` of download. */
  readonly files: ReadonlyMap<string, string>;
  /** An absolute path of uv, when there is one. */
  readonly uv?: string;
  /** Base interpreters whose pip may serve, best first. */
  readonly pipPythons: readonly string[];
  /** A kept wheel of pip, which runs itself: for Pythons without one. */
  readonly pipWheel?: string;
  /** A private folder that outlives the run: caches of tools. */
  readonly toolCache: string;
  /** A private folder for what installers log. */
  readonly logs: string;
  readonly run: Run;
  readonly signal?: AbortSignal;
  /** One line about what happens now; only a terminal shows it. */
  readonly progress: (text: string) => void;
  /** Tells what everybody should know at once: that another installation is waited for. */
  readonly tell?: (sentence: string) => void;
  /** Writes the change to the journal and flushes it; call before doing it. */
  readonly change: (change: Change) => Promise<void>;
}

export interface Applied {
  /** The interpreter, program or folder that is there now. */
  readonly path?: string;
  readonly rebootRequired?: boolean;
  /** What was changed and is to be taken back with the product only, never because the step fails: it was there before. */
  readonly changes?: readonly Change[];
  /** What the installer's own file asks for and Zookit does not do: a sentence for each thing, without secrets. */
  readonly leftToDo?: readonly string[];
  /** The address, or the path on its site, that a person should open next. */
  readonly open?: string;
}

/** What a kind may know when it tells what it would do, on whatever machine: nothing is fetched, nothing is there yet. */
export interface PreviewRequest extends Pick<
  Job,
  | 'step'
  | 'platform'
  | 'programs'
  | 'environment'
  | 'project'
  | 'interpreter'
  | 'values'
  | 'logs'
  | 'uv'
  | 'featureSource'
> {
  /** The environment is there, or an earlier step makes it. */
  readonly environmentThere?: boolean;
  /** Packages that the machine's package manager offers, as `apt:python3.13`, where that is known. */
  readonly systemPackages?: ReadonlySet<string>;
  /** Paths below the skeletons of a template, with `/`, where they can be read. */
  readonly skeleton?: readonly string[];
}

/** A command as an administrator would type it, and what takes it back. */
export interface PreviewCommand {
  /** The reason for it, where its words do not say that themselves. */
  readonly why?: string;
  readonly command: readonly string[];
  readonly undo?: readonly string[];
}

/** What a step would do: shown by `plan`. Paths are those of the machine that the plan is for. */
export interface Preview {
  readonly commands: readonly PreviewCommand[];
  /** Files and folders that it makes. */
  readonly files: readonly string[];
}

/** What a kind may know when it asks. */
export interface QuestionsAbout {
  readonly platform: Platform;
  /** Lower or upper case, `de` or `de-at`. */
  readonly language?: string;
  /** The folder that the user has named already. */
  readonly project?: string;
  /** The folder of the older version that is upgraded. */
  readonly installed?: string;
}

/** What undoing may use. */
export interface UndoTools {
  readonly run: Run;
  readonly uv?: string;
  readonly pipPythons: readonly string[];
  readonly pipWheel?: string;
  /** Folders of cached wheels, to put a replaced version back. */
  readonly wheelFolders: readonly string[];
  /** A private folder that outlives the run: caches of tools. */
  readonly toolCache?: string;
  /** Where products' own folders lie: what becomes empty below goes too. */
  readonly programs?: string;
  /** Tells what stays although its product goes, and what is waited for. */
  readonly tell?: (sentence: string) => void;
  /** Waits so many milliseconds; the system's clock but in tests. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

export interface StillOwn {
  readonly changes: readonly Change[];
  /** A sentence for each thing that stays. */
  readonly kept: readonly string[];
}

/** The code behind an installer of a feed. */
export interface InstallerKind {
  readonly name: KindName;
  /** Whether all that it does can be taken back; what cannot is told before anything starts. */
  readonly undoable: boolean;
  /** The same of a single step, where that depends on what its feed says. */
  canUndo?(step: Step): boolean;
  /** Cannot do its work without administrator rights: asked for before anything starts. */
  readonly needsAdmin?: boolean;
  /** The only system that it can run on. */
  readonly runsOn?: OperatingSystem;
  /** What the step would do; pure. A kind without it shows nothing but its name. */
  preview?(request: PreviewRequest): Preview;
  /** What the installer's own file asks besides its feed, once it is fetched (Web Deploy's parameters.xml). */
  questions?(
    step: Step,
    files: ReadonlyMap<string, string>,
    about?: QuestionsAbout,
  ): Promise<readonly Parameter[]>;
  /** Carries the step out; throws AppError when it cannot. Leaves undoing to the caller. */
  apply(job: Job): Promise<Applied>;
  /**
   * Carries out steps that follow each other at one place in one go, where that is much cheaper; one result per job. Each
   * change is told to the job that it belongs to. When it throws, all of them are undone and tried one by one.
   */
  applyTogether?(jobs: readonly Job[]): Promise<readonly Applied[]>;
  /** The folder that it returns holds files of the product only: they are remembered by hash, for `verify`. */
  readonly ownsFolder?: boolean;
  /** What of a finished change is not as it was installed: a sentence for each file. */
  damage?(change: Change): Promise<string[]>;
  /** Before taking away: which changes are still the product's alone; what others have come to use stays, and is told. */
  stillOwn?(changes: readonly Change[], tools: UndoTools): Promise<StillOwn>;
  /** Takes back a change that only this kind understands (`packages`). */
  undo?(change: Change, tools: UndoTools): Promise<void>;
}
