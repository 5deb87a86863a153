// The texts of web.config, read back with our own reader: what IIS would find in them, in each form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultApplicationName,
  folderWebConfig,
  handlerNames,
  siteVariables,
  siteWebConfig,
  type HostForm,
  type WebConfig,
} from '../../installers/webconfig.js';
import { AppError } from '../../src/errors.js';
import { attribute, parseXml, type XmlElement } from '../../src/lib/xml.js';

const forms: readonly HostForm[] = ['httpplatform', 'fastcgi', 'zoo'];

function site(form: HostForm, changes: Partial<WebConfig> = {}): WebConfig {
  const variables = siteVariables({ kind: 'django', settings: 'shop.settings' });
  return { form, applicationName: defaultApplicationName, pythonMinor: '3.13', variables, ...changes };
}

/** All elements of a name below another, in the document's order. */
function all(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

function only(element: XmlElement, name: string): XmlElement {
  const found = all(element, name);
  assert.equal(found.length, 1, `one <${name}>`);
  return found[0] as XmlElement;
}

function attributes(element: XmlElement): Record<string, string> {
  return Object.fromEntries(element.attributes.map((each) => [each.name, each.value]));
}

function variablesOf(document: XmlElement): [string, string][] {
  const named = all(document, 'environmentVariables').concat(all(document, 'appSettings'));
  assert.equal(named.length, 1, 'variables stand in one place');
  return (named[0]?.children ?? [])
    .filter((child) => child.name !== 'clear')
    .map((child) => [
      attribute(child, 'name') ?? attribute(child, 'key') ?? '',
      attribute(child, 'value') ?? '',
    ]);
}

for (const form of forms) {
  test(`${form}: the same variables, in order, and nothing of a parent site's`, () => {
    const document = parseXml(siteWebConfig(site(form)));
    assert.deepEqual(variablesOf(document), [
      ['PYTHONPATH', '%APPL_PHYSICAL_PATH%'],
      ['DJANGO_SETTINGS_MODULE', 'shop.settings'],
      ['DEPLOY_FILE', 'deploy.py'],
      ['DEPLOY_LOG', 'log\\deploy.log'],
      ['ERROR_LOG_DIR', 'log'],
      ['WATCH_FILE_CHANGES_MASK', '*.py'],
    ]);
    const list =
      form === 'httpplatform' ? 'environmentVariables' : form === 'zoo' ? 'heliconZoo' : 'appSettings';
    assert.equal(only(document, list).children[0]?.name, 'clear');
  });

  test(`${form}: handlers are kept from child applications, and each is removed before it is added`, () => {
    const document = parseXml(siteWebConfig(site(form)));
    assert.deepEqual(attributes(only(document, 'location')), {
      path: '.',
      inheritInChildApplications: 'false',
    });
    assert.equal(all(only(document, 'location'), 'handlers').length, 1);
    const rows = only(document, 'handlers').children;
    for (const name of handlerNames(form, defaultApplicationName)) {
      const order = rows.filter((row) => attribute(row, 'name') === name).map((row) => row.name);
      assert.deepEqual(order, ['remove', 'add']);
    }
    assert.equal(rows.length, 2 * handlerNames(form, defaultApplicationName).length);
  });

  test(`${form}: request filtering hides four names and lets limits through`, () => {
    const limits = { body: 5_000_000, query: 4000 };
    const document = parseXml(siteWebConfig(site(form, { limits })));
    const segments = only(document, 'hiddenSegments').children;
    assert.deepEqual(
      segments.filter((each) => each.name === 'add').map((each) => attribute(each, 'segment')),
      ['.venv', '.git', '.env', 'data'],
    );
    assert.deepEqual(attributes(only(document, 'requestLimits')), {
      maxAllowedContentLength: '5000000',
      maxUrl: '4096',
      maxQueryString: '4000',
    });
    assert.equal(attribute(only(document, 'httpErrors'), 'existingResponse'), 'PassThrough');
    assert.equal(all(document, 'anonymousAuthentication').length, 0, 'that section is locked');
  });

  test(`${form}: static folders take away exactly the site's handlers`, () => {
    const added = all(only(parseXml(siteWebConfig(site(form))), 'handlers'), 'add');
    const folder = parseXml(folderWebConfig({ form, applicationName: defaultApplicationName }));
    const handlers = only(folder, 'handlers');
    assert.deepEqual(
      handlers.children.map((each) => [each.name, attribute(each, 'name')]),
      added.map((each) => ['remove', attribute(each, 'name')]),
    );
    assert.equal(attribute(handlers, 'accessPolicy'), 'Read', 'StaticFile works, nothing else does');
  });

  test(`${form}: values come back as they were given`, () => {
    const variables = [{ name: 'A&B', value: `<"quoted" & 'single'> %PATH%;ü` }];
    const text = siteWebConfig(site(form, { variables }));
    assert.deepEqual(variablesOf(parseXml(text)), [[variables[0]?.name, variables[0]?.value]]);
    assert.ok(text.startsWith('<?xml') && text.endsWith('</configuration>\n') && !text.includes('\r'));
  });
}

test('httpplatform: our starter on the fixed paths, nothing that version 2 does not know', () => {
  const document = parseXml(siteWebConfig(site('httpplatform', { limits: { seconds: 90 } })));
  assert.deepEqual(attributes(only(document, 'httpPlatform')), {
    processPath: '%ProgramW6432%\\Zookit\\python\\3.13\\python.exe',
    arguments: '"%ProgramW6432%\\Zookit\\hosting\\zoohttp.py"',
    startupTimeLimit: '120',
    requestTimeout: '00:02:00',
    stdoutLogEnabled: 'false',
    forwardWindowsAuthToken: 'false',
  });
  assert.deepEqual(attributes(all(only(document, 'handlers'), 'add')[0] as XmlElement), {
    name: 'python.project',
    path: '*',
    verb: '*',
    modules: 'httpPlatformHandler',
    responseBufferLimit: '0',
    resourceType: 'Unspecified',
    requireAccess: 'Script',
  });
});

test('fastcgi: the processor is written literally, with quotes around what holds a blank', () => {
  const document = parseXml(siteWebConfig(site('fastcgi')));
  const row = all(only(document, 'handlers'), 'add')[0] as XmlElement;
  assert.equal(
    attribute(row, 'scriptProcessor'),
    'C:\\Program Files\\Zookit\\python\\3.13\\python.exe|"C:\\Program Files\\Zookit\\hosting\\zoofcgi.py"',
  );
  assert.equal(attribute(row, 'modules'), 'FastCgiModule');
  assert.equal(attribute(row, 'responseBufferLimit'), '0');
  assert.ok(
    document.children.some((child) => child.name === 'appSettings'),
    'the worker looks below the root',
  );
});

test('zoo: section and handlers as Helicon Zoo had them', () => {
  const document = parseXml(siteWebConfig(site('zoo')));
  const application = only(only(document, 'heliconZoo'), 'application');
  assert.deepEqual(attributes(application), { name: 'python.project' });
  assert.deepEqual(
    application.children.map((child) => child.name),
    ['environmentVariables'],
  );
  const row = (name: string, modules: string, preCondition: string): Record<string, string> => ({
    name,
    path: '*',
    verb: '*',
    modules,
    scriptProcessor: 'python.3.13.pipe',
    resourceType: 'Unspecified',
    requireAccess: 'Script',
    preCondition,
  });
  assert.deepEqual(all(only(document, 'handlers'), 'add').map(attributes), [
    row('python.project#x86', 'HeliconZoo_x86', 'bitness32'),
    row('python.project#x64', 'HeliconZoo_x64', 'bitness64'),
  ]);
});

test('static folders: no file extension is added that was not removed first', () => {
  const content = only(
    parseXml(folderWebConfig({ form: 'zoo', applicationName: 'shop' })),
    'staticContent',
  ).children;
  const removed = new Set<string>();
  let added = 0;
  for (const each of content) {
    const extension = attribute(each, 'fileExtension') ?? '';
    if (each.name === 'remove') removed.add(extension);
    else {
      assert.ok(removed.has(extension), extension);
      added += 1;
    }
  }
  assert.equal(added, removed.size);
  assert.ok(removed.has('.woff2'));
});

test('a WSGI application is named by WSGI_APP', () => {
  const names = siteVariables({ kind: 'wsgi', callable: 'wsgi.application' });
  assert.deepEqual(names[1], { name: 'WSGI_APP', value: 'wsgi.application' });
  assert.ok(!names.some((each) => each.name === 'DJANGO_SETTINGS_MODULE'));
});

test('what web.config cannot hold is refused', () => {
  const refused: readonly Partial<WebConfig>[] = [
    { applicationName: 'a"b' },
    { applicationName: 'two words' },
    { applicationName: '' },
    { pythonMinor: '3.13.1' },
    { pythonMinor: '3.13\\..\\evil' },
    { variables: [{ name: 'KEY', value: 'two\nlines' }] },
    { variables: [{ name: 'KEY', value: 'bell\u0007' }] },
  ];
  for (const form of forms) {
    for (const changes of refused) {
      assert.throws(
        () => siteWebConfig(site(form, changes)),
        (error) => error instanceof AppError && error.code === 'USAGE',
        JSON.stringify(changes),
      );
    }
  }
});
