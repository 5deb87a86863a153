// Comes in: a site's host form, names, variables and limits. Goes out: the text of its web.config, and of the one that
// lets the web server send a folder's files itself. Both take the handlers' names from here, so they cannot drift apart.
// Knows no file system and no template; never writes a section that IIS locks beyond handlers.
import { AppError } from '../src/errors.js';
import { fastCgiApplication, scriptProcessor, usualPrograms } from './iis/fast-cgi.js';
import { block, document, element } from './xml-writer.js';

/** Who hands IIS's requests to Python: HttpPlatformHandler, IIS's own FastCgiModule, or Helicon Zoo's module. */
export type HostForm = 'httpplatform' | 'fastcgi' | 'zoo';

/** A variable of the site, as the worker or starter reads it; `%NAME%` inside a value is expanded there. */
export interface SiteVariable {
  readonly name: string;
  readonly value: string;
}

/** What request filtering and the handler let through; IIS's own defaults refuse uploads over 30 MB and long queries. */
export interface RequestLimits {
  /** Bytes of a request's body. */
  readonly body: number;
  /** Characters of a URL's path. */
  readonly path: number;
  /** Characters of a query string; http.sys ends at 16 KB for the whole request line. */
  readonly query: number;
  /** Seconds that one answer may take; only HttpPlatformHandler reads it from web.config. */
  readonly seconds: number;
}

export interface WebConfig {
  readonly form: HostForm;
  /** Names the handlers; letters, digits, `.`, `_` and `-`. */
  readonly applicationName: string;
  /** The hosting Python, as `3.13`. */
  readonly pythonMinor: string;
  /** In this order: a value may use the variables above it. */
  readonly variables: readonly SiteVariable[];
  readonly limits?: Partial<RequestLimits>;
}

/** `django` with its settings module, or `wsgi` with `module.attribute`. */
export type SiteApplication =
  | { readonly kind: 'django'; readonly settings: string }
  | { readonly kind: 'wsgi'; readonly callable: string };

/** The application name that Helicon Zoo's own Python templates had. */
export const defaultApplicationName = 'python.project';

const defaultLimits: RequestLimits = { body: 100 * 1024 * 1024, path: 4096, query: 8192, seconds: 600 };

/** They match anywhere in a URL, so every further name would hide a page of somebody's. */
const hiddenSegments = ['.venv', '.git', '.env', 'data'] as const;

/** IIS refuses to send a file whose extension it does not know; older ones lack these. */
const mimeTypes: readonly (readonly [extension: string, type: string])[] = [
  ['.avif', 'image/avif'],
  ['.json', 'application/json'],
  ['.map', 'application/json'],
  ['.mjs', 'text/javascript'],
  ['.svg', 'image/svg+xml'],
  ['.wasm', 'application/wasm'],
  ['.webmanifest', 'application/manifest+json'],
  ['.webp', 'image/webp'],
  ['.woff', 'font/woff'],
  ['.woff2', 'font/woff2'],
];

/** The variables that every site has, in each form the same (helicon-zoo c.4). */
export function siteVariables(application: SiteApplication): SiteVariable[] {
  const entryPoint =
    application.kind === 'django'
      ? { name: 'DJANGO_SETTINGS_MODULE', value: application.settings }
      : { name: 'WSGI_APP', value: application.callable };
  return [
    { name: 'PYTHONPATH', value: '%APPL_PHYSICAL_PATH%' },
    entryPoint,
    { name: 'DEPLOY_FILE', value: 'deploy.py' },
    { name: 'DEPLOY_LOG', value: 'log\\deploy.log' },
    { name: 'ERROR_LOG_DIR', value: 'log' },
    { name: 'WATCH_FILE_CHANGES_MASK', value: '*.py' },
  ];
}

/** The names of a site's handlers, which a folder of plain files takes away again. */
export function handlerNames(form: HostForm, applicationName: string): string[] {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(applicationName)) {
    throw new AppError('USAGE', `'${applicationName}' cannot be the name of a site's application`, {
      hint: 'Use letters, digits, `_`, `-` and `.`',
    });
  }
  if (form === 'zoo') return [`${applicationName}#x86`, `${applicationName}#x64`];
  return [applicationName];
}

/**
 * The text of a site's web.config. Throws USAGE for a name, version or value that it cannot hold.
 * Rules: field notes 11 (wrapped, `remove` before `add`, `clear` first), 13, 14, 16, 20, 23, 28; the zoo form's
 * section and handlers are Helicon Zoo's own (helicon-zoo c.2), so without the attributes that it never had.
 */
export function siteWebConfig(site: WebConfig): string {
  if (!/^\d+\.\d+$/.test(site.pythonMinor)) {
    throw new AppError('USAGE', `'${site.pythonMinor}' is no minor version of Python`, {
      hint: 'Write it as 3.13',
    });
  }
  const limits = { ...defaultLimits, ...site.limits };
  return document('configuration', [
    ...(site.form === 'fastcgi'
      ? block('appSettings', [element('clear'), ...pairs('add', 'key', site)])
      : []),
    ...block('location', block('system.webServer', [...sections(site, limits), ...common(limits)]), {
      path: '.',
      inheritInChildApplications: 'false',
    }),
  ]);
}

/**
 * The text of the web.config in `static` and `media`: the site's handlers are gone there, IIS's StaticFile stays.
 * `accessPolicy` is Read, so that nothing uploaded runs, whatever handlers the server has for its extension.
 */
export function folderWebConfig(site: Pick<WebConfig, 'form' | 'applicationName'>): string {
  const removes = handlerNames(site.form, site.applicationName).map((name) => element('remove', { name }));
  const types = mimeTypes.flatMap(([fileExtension, mimeType]) => [
    element('remove', { fileExtension }),
    element('mimeMap', { fileExtension, mimeType }),
  ]);
  return document(
    'configuration',
    block('system.webServer', [
      ...block('handlers', removes, { accessPolicy: 'Read' }),
      ...block('staticContent', types),
    ]),
  );
}

function sections(site: WebConfig, limits: RequestLimits): string[] {
  switch (site.form) {
    case 'httpplatform':
      return [
        ...handlers(site, { modules: 'httpPlatformHandler', responseBufferLimit: '0' }),
        ...httpPlatform(site, limits),
      ];
    case 'fastcgi':
      return handlers(site, {
        modules: 'FastCgiModule',
        scriptProcessor: scriptProcessor(fastCgiApplication(usualPrograms, site.pythonMinor)),
        responseBufferLimit: '0',
      });
    case 'zoo':
      return [...heliconZoo(site), ...zooHandlers(site)];
  }
}

function handlers(site: WebConfig, attributes: Readonly<Record<string, string>>): string[] {
  const rows = handlerNames(site.form, site.applicationName).flatMap((name) => [
    element('remove', { name }),
    element('add', {
      name,
      path: '*',
      verb: '*',
      ...attributes,
      resourceType: 'Unspecified',
      requireAccess: 'Script',
    }),
  ]);
  return block('handlers', rows);
}

/** One row per bitness of the application pool; both name the same engine. */
function zooHandlers(site: WebConfig): string[] {
  const rows = handlerNames('zoo', site.applicationName).map((name, index) => {
    const bits = index === 0 ? '86' : '64';
    return element('add', {
      name,
      path: '*',
      verb: '*',
      modules: `HeliconZoo_x${bits}`,
      scriptProcessor: `python.${site.pythonMinor}.pipe`,
      resourceType: 'Unspecified',
      requireAccess: 'Script',
      preCondition: bits === '86' ? 'bitness32' : 'bitness64',
    });
  });
  const removes = handlerNames('zoo', site.applicationName).map((name) => element('remove', { name }));
  return block('handlers', [...removes, ...rows]);
}

/** No startupRetryCount: version 2 of the module does not know it. The starter listens at once and keeps its own log. */
function httpPlatform(site: WebConfig, limits: RequestLimits): string[] {
  const variables = [element('clear'), ...pairs('environmentVariable', 'name', site)];
  return block('httpPlatform', block('environmentVariables', variables), {
    processPath: `%ProgramW6432%\\Zookit\\python\\${site.pythonMinor}\\python.exe`,
    arguments: '"%ProgramW6432%\\Zookit\\hosting\\zoohttp.py"',
    startupTimeLimit: '120',
    requestTimeout: timeSpan(limits.seconds),
    stdoutLogEnabled: 'false',
    forwardWindowsAuthToken: 'false',
  });
}

function heliconZoo(site: WebConfig): string[] {
  const variables = block('environmentVariables', pairs('add', 'name', site));
  return block('heliconZoo', [
    element('clear'),
    ...block('application', variables, { name: site.applicationName }),
  ]);
}

/** What every form needs of IIS; `bin`, which IIS hides by itself, is a name like any other here (field note 13). */
function common(limits: RequestLimits): string[] {
  const segments = hiddenSegments.flatMap((segment) => [
    element('remove', { segment }),
    element('add', { segment }),
  ]);
  return [
    element('httpErrors', { existingResponse: 'PassThrough' }),
    ...block(
      'security',
      block(
        'requestFiltering',
        [
          element('requestLimits', {
            maxAllowedContentLength: String(limits.body),
            maxUrl: String(limits.path),
            maxQueryString: String(limits.query),
          }),
          ...block('hiddenSegments', [element('remove', { segment: 'bin' }), ...segments]),
        ],
        { allowDoubleEscaping: 'true' },
      ),
    ),
  ];
}

function pairs(name: string, key: 'key' | 'name', site: WebConfig): string[] {
  return site.variables.map((each) => element(name, { [key]: each.name, value: each.value }));
}

/** hh:mm:ss in whole minutes, as the module's schema wants it; rounded up. */
function timeSpan(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const parts = [Math.floor(minutes / 60), minutes % 60, 0];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
