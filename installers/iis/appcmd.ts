// What every list of appcmd commands needs: how it addresses items of a collection, what its exit statuses mean, names of copies of
// the configuration. Knows no site and no server.
// https://learn.microsoft.com/iis/get-started/getting-started-with-iis/getting-started-with-appcmdexe

// Its exit statuses are Windows' own: https://learn.microsoft.com/windows/win32/debug/system-error-codes
/** ERROR_FILE_NOT_FOUND, ERROR_NOT_SUPPORTED, ERROR_NOT_FOUND. */
export const noSuchThing = [2, 50, 1168];
/** ERROR_OBJECT_NOT_FOUND: IIS has not heard of it yet, or does not run at all. */
export const notKnownYet = [4312];
/** ERROR_SERVICE_NOT_ACTIVE. */
export const notRunning = [...noSuchThing, ...notKnownYet, 1062];
/** ERROR_SERVICE_ALREADY_RUNNING. */
export const runsAlready = [1056];

/** An item of a collection as appcmd addresses it; single quotes in a value are doubled. */
export function item(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}='${value.replaceAll("'", "''")}'`);
  return `[${pairs.join(',')}]`;
}

/** The first name, numbered when need be, that no copy of the configuration has; names are the same in any case. */
export function freeBackup(name: string, taken: readonly string[]): string {
  const folded = new Set(taken.map((each) => each.toLowerCase()));
  const names = [name, ...taken.map((_, index) => `${name}-${index + 2}`)];
  return names.find((each) => !folded.has(each.toLowerCase())) ?? name;
}
