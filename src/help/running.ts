// Texts of `zookit help` about running Zookit itself: variables, exit statuses, codes. At most 80 columns wide.
import { exitStatuses } from '../errors.js';

export const environmentText = `Environment

Variables that Zookit reads:

  ZOOKIT_ROOT            where everything is kept; --root DIR wins
  ZOOKIT_PARAM_NAME      the answer to the parameter NAME of a product
  HTTPS_PROXY            http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT;
  HTTP_PROXY             in lower case too, and ALL_PROXY for both
  NO_PROXY               hosts that are asked directly: example.com,10.0.0.0/8
  SSL_CERT_FILE          a PEM file of authorities beside the usual ones
  NO_COLOR               no colours
  TMPDIR, TEMP           where temporary files lie

Packages of Python are fetched by pip, with the settings that pip has here:
its index, proxy, certificates and passwords are those of pip's own files and
of PIP_ variables.

Without ZOOKIT_ROOT all is kept in:

  Windows          programs in %ProgramFiles%\\Zookit,
                   the rest in %ProgramData%\\Zookit
  as root          /var/lib/zookit
  anybody else     $XDG_DATA_HOME/zookit, or ~/.local/share/zookit

A site reads SITE_HOSTS, SITE_HTTPS, SITE_DEBUG, SITE_SECRET_KEY and
SITE_DATABASE_..., from web.config or from its environment: see its README.md.

  zookit doctor                do proxy, certificates and folders work
`;

const meanings: readonly (readonly [status: number, meaning: string])[] = [
  [0, 'done; also when a restart is needed, which is told'],
  [1, 'a bug of Zookit'],
  [2, 'the command line is wrong'],
  [3, 'cannot be done as asked'],
  [4, 'could not be fetched or stored: try again'],
  [5, 'failed, and undone'],
  [6, 'failed, and something is left, which is listed'],
  [130, 'interrupted'],
];

/** Every status with its meaning and its codes, from the table that errors use. */
export function exitCodesText(): string {
  const rows = meanings.flatMap(([status, meaning]) => {
    const codes = Object.entries(exitStatuses).flatMap(([code, each]) => (each === status ? [code] : []));
    return [`${String(status).padStart(5)}   ${meaning}`, ...codes.map((code) => `            ${code}`)];
  });
  return [
    'Exit statuses, and the codes of errors that end with them',
    '',
    ...rows,
    '',
    "After WebPICMD's words (`zookit /Install`) on Windows, 3010 means: done, and a",
    'restart is needed.',
    '',
    'With --json a failure is told on stdout:',
    '',
    '  {"ok": false, "error": {"code": "...", "message": "...", "hint": "..."}}',
    '',
  ].join('\n');
}
