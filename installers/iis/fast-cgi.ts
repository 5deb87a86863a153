// Comes in: where Zookit's programs lie, and a minor version of Python. Goes out: the two words by which IIS knows a FastCGI
// program: the registration and every site's handler take them from here, because they must be equal letter for letter.
// https://learn.microsoft.com/iis/configuration/system.webserver/fastcgi/application/
import { win32 } from 'node:path';

/** Where Zookit's programs lie on a Windows that nobody has told otherwise; IIS expands no variable in a handler. */
export const usualPrograms = 'C:\\Program Files\\Zookit';

export interface FastCgiApplication {
  readonly fullPath: string;
  /** With the quotes that a path with blanks needs inside. */
  readonly arguments: string;
}

/** Our worker under our Python; one registration serves all sites (field note 27). */
export function fastCgiApplication(programs: string, pythonMinor: string): FastCgiApplication {
  return {
    fullPath: win32.join(hostingPython(programs, pythonMinor), 'python.exe'),
    arguments: `"${win32.join(programs, 'hosting', 'zoofcgi.py')}"`,
  };
}

/** What a handler's `scriptProcessor` says. */
export function scriptProcessor(application: FastCgiApplication): string {
  return `${application.fullPath}|${application.arguments}`;
}

/** The folder of the Python that sites are started with. */
export function hostingPython(programs: string, pythonMinor: string): string {
  return win32.join(programs, 'python', pythonMinor);
}
