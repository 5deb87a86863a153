// Comes in: the exit status of an installer. Goes out: what it means: the feed's own word first, then Windows' own codes.
// The table of codes in words; runs nothing.
import type { KindName, ReturnCode } from '../src/types.js';

/** Windows Installer, https://learn.microsoft.com/windows/win32/msi/error-codes; and what DISM and wusa add. */
const words: ReadonlyMap<number, string> = new Map([
  [2, 'a file that it needs is not there'],
  [5, 'access was denied'],
  [50, 'this Windows does not support it'],
  [87, 'it does not understand its arguments'],
  [740, 'it needs administrator rights'],
  [1601, 'the Windows Installer service cannot be reached'],
  [1602, 'it was cancelled'],
  [1603, 'a fatal error during the installation'],
  [1604, 'it was suspended and is not complete'],
  [1605, 'the product is not installed'],
  [1606, 'the feature is not known'],
  [1607, 'the component is not known'],
  [1608, 'a property is not known'],
  [1609, 'a handle is not valid'],
  [1610, "the product's configuration is damaged"],
  [1611, 'the component is not there'],
  [1612, 'the source of the installation is not available'],
  [1613, 'a newer Windows Installer is needed'],
  [1614, 'the product is uninstalled'],
  [1615, 'a query in the package is not valid'],
  [1616, 'a record in the package is not there'],
  [1618, 'another installation is running'],
  [1619, 'the package cannot be opened'],
  [1620, 'the package is damaged or no Windows Installer package'],
  [1621, 'its user interface could not start'],
  [1622, 'its log file cannot be written'],
  [1623, 'the package does not support the language of this system'],
  [1624, 'a transform cannot be applied'],
  [1625, 'a system policy forbids the installation'],
  [1626, 'a function could not be executed'],
  [1627, 'a function failed'],
  [1628, 'a table of the package is not valid'],
  [1629, 'a value of the package has the wrong type'],
  [1630, 'this type of package is not supported'],
  [1631, 'the Windows Installer service could not start'],
  [1632, 'the temporary folder is full or cannot be written'],
  [1633, 'the package is for another processor'],
  [1634, 'a component is not in use here'],
  [1635, 'the update package cannot be opened'],
  [1636, 'the update package is damaged'],
  [1637, 'a newer Windows Installer is needed for the update'],
  [1638, 'another version of the product is installed already'],
  [1639, 'its command line is not valid'],
  [1640, 'it may not be run from a remote session'],
  [1641, 'a restart has been started'],
  [1642, 'the product that the update is for is not installed'],
  [1643, 'a system policy forbids the update'],
  [1644, 'a system policy forbids one of the customisations'],
  [1645, 'it may not be run from a remote session'],
  [1646, 'the update cannot be taken away'],
  [1647, 'the update is not for this product'],
  [1648, 'no sequence of the updates is valid'],
  [1649, 'a system policy forbids taking the update away'],
  [1650, "the update's description is not valid"],
  [1651, 'a patch cannot be applied to a product of one user only'],
  [1652, 'Windows Installer is not available in safe mode'],
  [1653, 'several packages cannot be taken back together here'],
  [1654, 'the package is not for this kind of processor'],
  [3010, 'done, a restart is needed'],
  [2359301, 'done, a restart is needed'],
  [2359302, 'the update is installed already'],
  [0x80240017 | 0, 'the update is not for this machine'],
  [0x80070005 | 0, 'access was denied'],
  [0x80070643 | 0, 'a fatal error during the installation'],
  [0x80070666 | 0, 'another version of the product is installed already'],
  [0x800f080c | 0, 'this Windows has no feature of that name'],
  [0x800f081f | 0, "the feature's files are not on this machine"],
  [0x800f0906 | 0, "the feature's files could not be fetched"],
  [0x800f0907 | 0, "a system policy forbids fetching the feature's files"],
  [0x800f0922 | 0, "the feature's own installer failed"],
  [0x800f0954 | 0, "the update server of this network does not have the feature's files"],
]);

/** Another installation is running: worth waiting for. */
export const busy = 1618;

/** What each kind takes as done besides 0, where its feed says nothing (field notes 41 and 37). */
const usual: Readonly<Partial<Record<KindName, readonly [number, ReturnCode['outcome']][]>>> = {
  msi: restarts(),
  exe: restarts(),
  feature: restarts(),
  msu: [...restarts(), [2359301, 'successRebootRequired'], [2359302, 'success'], [0x80240017 | 0, 'success']],
};

function restarts(): [number, ReturnCode['outcome']][] {
  return [
    [3010, 'successRebootRequired'],
    [1641, 'successRebootRequired'],
  ];
}

/** The outcome of a status; codes are compared as signed 32 bits, as feeds and HRESULTs have them. */
export function outcomeOf(kind: KindName, status: number, mappings: readonly ReturnCode[]): ReturnCode {
  const code = status | 0;
  const mapped = mappings.find((mapping) => (mapping.code | 0) === code);
  if (mapped) return mapped;
  const known = usual[kind]?.find(([each]) => each === code)?.[1];
  const message = words.get(code);
  const outcome = known ?? (code === 0 ? 'success' : 'failure');
  return { code, outcome, ...(message === undefined ? {} : { message }) };
}

/** `1603 (a fatal error during the installation)`, `0x800F081F (...)`: a code as a person looks it up. */
export function codeInWords(status: number): string {
  const code = status | 0;
  const text = code < 0 ? `0x${(code >>> 0).toString(16).toUpperCase()}` : String(code);
  const meaning = words.get(code);
  return meaning === undefined ? text : `${text} (${meaning})`;
}
