// Comes in: a Windows under Wine, whose certutil says nothing. Goes out: one with a certutil that really hashes and decodes,
// with the words of the real one (https://learn.microsoft.com/windows-server/administration/windows-commands/certutil).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Windows } from './wine.js';
import { cacheFolder } from './wine.js';

const source = String.raw`
#include <windows.h>
#include <bcrypt.h>
#include <wincrypt.h>
#include <stdio.h>
#include <stdlib.h>

static int failed(const wchar_t *verb) {
  wprintf(L"CertUtil: %ls command FAILED: 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)\r\n", verb);
  wprintf(L"CertUtil: The system cannot find the file specified.\r\n");
  return 2;
}

static int hash_file(const wchar_t *path) {
  static unsigned char buffer[1 << 16];
  unsigned char digest[32];
  BCRYPT_ALG_HANDLE algorithm = 0;
  BCRYPT_HASH_HANDLE hash = 0;
  size_t count;
  FILE *file = _wfopen(path, L"rb");
  if (!file) return failed(L"-hashfile");
  BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, 0, 0);
  BCryptCreateHash(algorithm, &hash, 0, 0, 0, 0, 0);
  while ((count = fread(buffer, 1, sizeof buffer, file)) > 0) BCryptHashData(hash, buffer, (ULONG)count, 0);
  fclose(file);
  BCryptFinishHash(hash, digest, sizeof digest, 0);
  wprintf(L"SHA256 hash of %ls:\r\n", path);
  for (int index = 0; index < 32; index++) wprintf(L"%02x", digest[index]);
  wprintf(L"\r\nCertUtil: -hashfile command completed successfully.\r\n");
  return 0;
}

static int decode(const wchar_t *from, const wchar_t *to) {
  static char text[65536];
  static unsigned char bytes[65536];
  DWORD size = sizeof bytes;
  FILE *file = _wfopen(from, L"rb");
  size_t count;
  if (!file) return failed(L"-decode");
  count = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  if (!CryptStringToBinaryA(text, (DWORD)count, CRYPT_STRING_BASE64HEADER, bytes, &size, 0, 0)) return failed(L"-decode");
  file = _wfopen(to, L"wb");
  if (!file) return failed(L"-decode");
  fwrite(bytes, 1, size, file);
  fclose(file);
  return 0;
}

int wmain(int argc, wchar_t **argv) {
  if (argc == 4 && !wcscmp(argv[1], L"-hashfile") && !wcscmp(argv[3], L"SHA256")) return hash_file(argv[2]);
  if (argc == 5 && !wcscmp(argv[1], L"-f") && !wcscmp(argv[2], L"-decode")) return decode(argv[3], argv[4]);
  return 1;
}
`;

/** Puts the program in the place of Wine's own. */
export async function workingCertutil(windows: Windows): Promise<void> {
  const place = join(windows.drive, 'windows', 'system32', 'certutil.exe');
  // Wine's own files are links at times.
  rmSync(place, { force: true });
  copyFileSync(compiled(), place);
  // Wine takes its own program of that name otherwise, whatever lies there.
  const overrides = 'HKCU\\Software\\Wine\\DllOverrides';
  await windows.run(['reg', 'add', overrides, '/v', 'certutil.exe', '/d', 'native', '/f']);
}

/** Compiled once per machine, anew when the source has changed. */
function compiled(): string {
  const version = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const program = join(cacheFolder(), `certutil-${version}.exe`);
  if (existsSync(program)) return program;
  const [from, made] = [`${program}.${process.pid}.c`, `${program}.${process.pid}.exe`];
  writeFileSync(from, source);
  const libraries = ['-lbcrypt', '-lcrypt32'];
  execFileSync('x86_64-w64-mingw32-gcc', ['-municode', '-O1', '-s', '-o', made, from, ...libraries]);
  rmSync(from);
  renameSync(made, program);
  return program;
}
