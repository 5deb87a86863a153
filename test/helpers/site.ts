// Comes in: files of a site. Goes out: a temporary folder with them, and the Python that tests start workers with.
import { existsSync } from 'node:fs';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EndsWith } from './at-end.js';
import { temporaryFolder } from './folder.js';

/** The repository's folder, seen from the compiled test. */
export const repository = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** A Python 3 of this machine. */
export const pythonProgram = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** Writes files (by path with `/`) into a folder that is removed after the test; returns its real path. */
export async function makeSite(
  context: EndsWith,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const directory = await realpath(temporaryFolder(context));
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, ...path.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return directory;
}

/** A web.config of the httpPlatform form that starts our worker, with variables and further sections. */
export function httpPlatformConfig(variables: Readonly<Record<string, string>> = {}, sections = ''): string {
  const rows = Object.entries(variables).map(
    ([name, value]) => `<environmentVariable name="${name}" value="${value}" />`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <location path="." inheritInChildApplications="false">
    <system.webServer>
      <handlers>
        <remove name="site" />
        <add name="site" path="*" verb="*" modules="httpPlatformHandler" resourceType="Unspecified" />
      </handlers>
      <httpPlatform processPath="%ProgramW6432%\\Zookit\\python\\3.13\\python.exe" arguments="&quot;%ProgramW6432%\\Zookit\\hosting\\zoohttp.py&quot;">
        <environmentVariables><clear />${rows.join('')}</environmentVariables>
      </httpPlatform>
      ${sections}
    </system.webServer>
  </location>
</configuration>
`;
}

/** The web.config of a folder whose files the web server sends itself. */
export const staticFolderConfig = `<configuration><system.webServer><handlers>
<remove name="SITE" />
</handlers></system.webServer></configuration>`;
