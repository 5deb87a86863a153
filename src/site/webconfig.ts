// Comes in: the text of a web.config. Goes out: SiteConfig, what it says to whoever runs the site.
// Sections that it does not know are left alone. Expands no variable, reads no other file, starts nothing.
import { attribute, type XmlElement } from '../lib/xml.js';
import {
  children,
  descendants,
  invalidLine,
  numberAttribute,
  readConfiguration,
  requiredAttribute,
  scopesOf,
  type ConfigScope,
} from './configelements.js';
import {
  applyHandlerRules,
  formOfHandler,
  readHandlerRules,
  sameName,
  workerHandler,
  type Handler,
  type HandlerRule,
  type SiteForm,
} from './handlers.js';

/** A web.config as a value. */
export interface SiteConfig {
  /** Where the text came from, for messages. */
  readonly file: string;
  readonly form: SiteForm;
  /** Where it says what is started, 1-based; 1 when it says nothing. */
  readonly line: number;
  /** Of the file's own folder. */
  readonly handlers: readonly HandlerRule[];
  /** Of folders below that a `<location path>` names. */
  readonly locations: readonly LocationRules[];
  /** Forms httpplatform and fastcgi: what IIS would start. */
  readonly process?: SiteProcess;
  /** Form zoo: `python.3.13.pipe`. */
  readonly engine?: string;
  /** Form zoo: the application's name, as `<application>` spells it. */
  readonly application?: string;
  /** In their order: a later one may use the ones above. */
  readonly variables: readonly SiteVariable[];
  /** Names that no segment of an address may have; without regard to case. */
  readonly hiddenSegments: readonly string[];
  readonly limits: RequestLimits;
}

/** Handlers of a folder below, said by its parent. */
export interface LocationRules {
  /** `static`, `content/media`. */
  readonly path: string;
  readonly handlers: readonly HandlerRule[];
}

/** A command as IIS would start it, unexpanded. */
export interface SiteProcess {
  readonly program: string;
  readonly arguments: string;
}

/** A variable of the worker's environment. */
export interface SiteVariable {
  readonly name: string;
  /** As written, with its `%NAME%`s. */
  readonly value: string;
}

/** IIS's request filtering; defaults as IIS has them (field note 13). */
export interface RequestLimits {
  /** Bytes of a request's body. */
  readonly maxAllowedContentLength: number;
  /** Characters of an address without its query. */
  readonly maxUrl: number;
  /** Characters of a query string. */
  readonly maxQueryString: number;
}

type Launch = Pick<SiteConfig, 'form' | 'line' | 'process' | 'engine' | 'application' | 'variables'>;

const noLaunch: Launch = { form: 'none', line: 1, variables: [] };

/** Reads a web.config; `file` is only named in messages. SITE_INVALID with line, wanted and found. */
export function readWebConfig(text: string, file: string): SiteConfig {
  const [scope, ...others] = scopesOf(readConfiguration(text, file), file);
  const handlers = readHandlerRules(sectionsOf(scope, 'handlers', file), file);
  const filtering = descendants(scope.webServers, ['security', 'requestFiltering'], file);
  return {
    file,
    ...readLaunch(scope, workerHandler(applyHandlerRules([], handlers, file)), file),
    handlers,
    locations: others.map((other) => ({
      path: other.path,
      handlers: readHandlerRules(sectionsOf(other, 'handlers', file), file),
    })),
    hiddenSegments: readHiddenSegments(descendants(filtering, ['hiddenSegments'], file), file),
    limits: readLimits(descendants(filtering, ['requestLimits'], file), file),
  };
}

function sectionsOf(scope: ConfigScope, section: string, file: string): readonly XmlElement[] {
  return descendants(scope.webServers, [section], file);
}

function readLaunch(scope: ConfigScope, handler: Handler | undefined, file: string): Launch {
  if (!handler) return noLaunch;
  switch (formOfHandler(handler)) {
    case 'httpplatform':
      return readHttpPlatform(scope, handler, file);
    case 'fastcgi':
      return readFastCgi(scope, handler, file);
    case 'zoo':
      return readZoo(scope, handler, file);
    case 'none':
      return noLaunch;
  }
}

function readHttpPlatform(scope: ConfigScope, handler: Handler, file: string): Launch {
  const section = sectionsOf(scope, 'httpPlatform', file).at(-1);
  if (!section) {
    throw invalidLine(file, handler.line, '<httpPlatform processPath> beside <handlers>', 'none');
  }
  const program = requiredAttribute(section, 'processPath', file);
  const variables = readVariables(
    children(section, 'environmentVariables', file),
    ['environmentVariable', 'name'],
    file,
  );
  const twice = variables.find((each, index) =>
    variables.slice(0, index).some((earlier) => sameName(earlier.name, each.name)),
  );
  if (twice) throw invalidLine(file, section.line, 'each environmentVariable once', `'${twice.name}' twice`);
  return {
    form: 'httpplatform',
    line: section.line,
    process: { program, arguments: attribute(section, 'arguments') ?? '' },
    variables,
  };
}

/** IIS's FastCgiModule passes no variables: the worker reads `<appSettings>` (field note 23). */
function readFastCgi(scope: ConfigScope, handler: Handler, file: string): Launch {
  const [program = '', ...rest] = handler.scriptProcessor.split('|');
  if (program.trim() === '') {
    const found = `'${handler.scriptProcessor}'`;
    throw invalidLine(file, handler.line, 'scriptProcessor="PROGRAM|ARGUMENTS"', found);
  }
  return {
    form: 'fastcgi',
    line: handler.line,
    process: { program: program.trim(), arguments: rest.join('|').trim() },
    variables: readVariables(scope.appSettings, ['add', 'key'], file),
  };
}

/**
 * A handler `name#x64` belongs to the application `name`; the older shape has no `#` and an application for each
 * row (helicon-zoo c.2).
 */
function readZoo(scope: ConfigScope, handler: Handler, file: string): Launch {
  if (handler.scriptProcessor === '') {
    throw invalidLine(file, handler.line, "the engine's name in scriptProcessor", 'none');
  }
  const applications = descendants(scope.webServers, ['heliconZoo', 'application'], file);
  const nameOf = (element: XmlElement): string => requiredAttribute(element, 'name', file);
  const wanted = [handler.name.split('#')[0] ?? '', handler.name];
  const application = wanted
    .map((name) => applications.findLast((element) => sameName(nameOf(element), name)))
    .find((element) => element !== undefined);
  if (!application) {
    const found = applications.map((element) => `'${nameOf(element)}'`).join(', ') || 'no application';
    const text = `<application name="${wanted[0] ?? ''}"> in <heliconZoo>`;
    throw invalidLine(file, handler.line, text, found);
  }
  const sections = children(application, 'environmentVariables', file);
  return {
    form: 'zoo',
    line: handler.line,
    engine: handler.scriptProcessor,
    application: nameOf(application),
    variables: readVariables(sections, ['add', 'name'], file),
  };
}

/** Rows of a collection of names and values, with `clear` and `remove`; a later value may stand beside an earlier. */
function readVariables(
  sections: readonly XmlElement[],
  [row, key]: readonly [row: string, key: string],
  file: string,
): readonly SiteVariable[] {
  let variables: SiteVariable[] = [];
  for (const element of sections.flatMap((section) => section.children)) {
    if (element.name === 'clear') variables = [];
    else if (element.name === 'remove') {
      const name = requiredAttribute(element, key, file);
      variables = variables.filter((each) => !sameName(each.name, name));
    } else if (element.name === row) {
      const name = requiredAttribute(element, key, file);
      variables.push({ name, value: attribute(element, 'value') ?? '' });
    } else throw invalidLine(file, element.line, `<${row}>, <remove> or <clear>`, `<${element.name}>`);
  }
  return variables;
}

function readHiddenSegments(sections: readonly XmlElement[], file: string): readonly string[] {
  let segments = ['web.config'];
  for (const element of sections.flatMap((section) => section.children)) {
    if (element.name === 'clear') segments = [];
    else {
      const segment = requiredAttribute(element, 'segment', file);
      segments = segments.filter((each) => !sameName(each, segment));
      if (element.name === 'add') segments.push(segment);
    }
  }
  return segments;
}

function readLimits(sections: readonly XmlElement[], file: string): RequestLimits {
  const defaults = { maxAllowedContentLength: 30_000_000, maxUrl: 4096, maxQueryString: 2048 };
  return sections.reduce<RequestLimits>(
    (limits, element) => ({
      maxAllowedContentLength: numberAttribute(
        element,
        'maxAllowedContentLength',
        limits.maxAllowedContentLength,
        file,
      ),
      maxUrl: numberAttribute(element, 'maxUrl', limits.maxUrl, file),
      maxQueryString: numberAttribute(element, 'maxQueryString', limits.maxQueryString, file),
    }),
    defaults,
  );
}
