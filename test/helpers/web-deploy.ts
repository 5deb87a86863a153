// Comes in: the few things that a test is about. Goes out: a Web Deploy package around them, as WebPI's applications had: one
// site with questions of every sort. Knows the format's frame only.
import type { TestEntry } from './archives.js';
import { makeZip } from './archives.js';
import { entryXml, fileXml } from './feed-xml.js';

export const manifest = `<MSDeploy.iisApp>
  <iisApp path="blog" />
  <setAcl path="blog/media" setAclAccess="Modify" setAclUser="anonymousAuthenticationUser" />
  <dbFullSql path="install.sql" transacted="false" />
  <dbMySql path="install.my.sql" commandDelimiter="//" />
</MSDeploy.iisApp>`;

export const parameters = `<?xml version="1.0" encoding="utf-8"?>
<parameters>
  <parameter name="Application Path" friendlyName="Where" defaultValue="Default Web Site/blog" tags="iisApp">
    <parameterEntry type="ProviderPath" scope="iisApp" match="blog" />
  </parameter>
  <parameter name="Media" defaultValue="{Application Path}/media" tags="Hidden">
    <parameterEntry type="ProviderPath" scope="setAcl" match="blog/media" />
  </parameter>
  <parameter name="Title" defaultValue="A blog">
    <parameterEntry type="TextFile" scope="\\\\settings\\.py$" match="PLACEHOLDER_TITLE" />
    <parameterEntry type="XmlFile" scope="blog\\\\web\\.config$" match="/configuration/appSettings/add[@key='title']/@value" />
  </parameter>
  <parameter name="Admin password" tags="New,Password" description="At least 8">
    <parameterValidation type = "RegularExpression" validationString=".{8,}" />
    <parameterEntry type="TextFile" scope="\\\\settings\\.py$" match="PLACEHOLDER_PW" />
  </parameter>
  <parameter name="Theme" defaultValue="dark"><parameterValidation type="Enumeration" validationString="dark,light" />
    <parameterEntry type="TextFilePosition" scope="theme\\.txt$" match="2;3;4" /></parameter>
  <parameter name="SQL Server" defaultValue="localhost" tags="SQL,dbServer" />
  <parameter name="SQL Name" tags="SQL, dbName">
    <parameterEntry type="TextFile" scope="install\\.sql$" match="PLACEHOLDER_DB" /></parameter>
  <parameter name="MySQL Server" defaultValue="localhost" tags="MySQL,dbServer" />
  <parameter name="MySQL Name" tags="MySQL,dbName">
    <parameterEntry type="TextFile" scope="install\\.my\\.sql$" match="PLACEHOLDER_DB" /></parameter>
</parameters>`;

export const content: readonly TestEntry[] = [
  { name: 'blog/settings.py', content: 'TITLE = \'PLACEHOLDER_TITLE\'\r\nPASSWORD = "PLACEHOLDER_PW"\r\n' },
  {
    name: 'blog/web.config',
    content:
      '<configuration>\n  <!-- kept -->\n  <appSettings><add key="other" value="1" /><add key="title" value="x"/></appSettings>\n</configuration>\n',
  },
  { name: 'blog/theme.txt', content: 'one\r\n--oldd--\r\nthree' },
  { name: 'blog/media/readme.txt', content: 'uploads' },
  { name: 'install.sql', content: 'CREATE DATABASE PLACEHOLDER_DB;' },
  { name: 'install.my.sql', content: 'CREATE DATABASE PLACEHOLDER_DB//' },
];

export interface PackageParts {
  /** Undefined: there is none. */
  readonly manifest?: string | undefined;
  readonly parameters?: string | undefined;
  readonly content?: readonly TestEntry[];
}

/** The zip of a package; what is not named is the usual. */
export function makePackage(parts: PackageParts = {}): Buffer {
  const given = { manifest, parameters, content, ...parts };
  return makeZip([
    ...(given.manifest === undefined ? [] : [{ name: 'Manifest.xml', content: given.manifest }]),
    ...(given.parameters === undefined ? [] : [{ name: 'parameters.XML', content: given.parameters }]),
    ...given.content,
  ]);
}

/** An application of a feed, as WebPI's list has them. */
export function applicationXml(id: string, zip: Uint8Array, startPage = ''): string {
  const start = startPage === '' ? '' : `<startPage>${startPage}</startPage>`;
  return entryXml(id, '1.0', {
    installers: `<installer><id>1</id><languageId>en</languageId>${fileXml(`${id}.zip`, zip)}<msDeploy>${start}</msDeploy></installer>`,
  }).replace('<entry>', '<entry type="application">');
}
