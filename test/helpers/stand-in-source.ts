// The source of the one program that stands in for all others of a Windows: it writes down how it was called, answers what
// its list of answers says, and ends with that status. In C, because Windows starts nothing else by the name `icacls.exe`.
// Knows no program by name: it is copied, and the name of the copy is its own.

/** Where the stand-ins of a Windows write and read. */
export const standInFolder = 'C:\\stand-ins';

/**
 * `calls.jsonl`: `{"program","arguments":[...],"line"}` for each call, as Windows' own rules split it, and as it was written.
 * `answers.txt`: four fields and tabs between them: program, a part of the arguments, status, output (`\n`, `\t`, `\\`
 * in it); the last line that fits counts, 0 and nothing where none does.
 */
export const standInSource = String.raw`
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *utf8(const wchar_t *text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *bytes = malloc(size);
  WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
  return bytes;
}

static char *record;
static size_t used;

static void put(const char *text) {
  size_t length = strlen(text);
  record = realloc(record, used + length + 1);
  memcpy(record + used, text, length + 1);
  used += length;
}

static void put_string(const char *text) {
  char escaped[8];
  put("\"");
  for (; *text; text++) {
    unsigned char letter = (unsigned char)*text;
    if (letter == '"' || letter == '\\') sprintf(escaped, "\\%c", letter);
    else if (letter < 32) sprintf(escaped, "\\u%04x", letter);
    else sprintf(escaped, "%c", letter);
    put(escaped);
  }
  put("\"");
}

static void say(const char *text) {
  for (; *text; text++) {
    if (*text != '\\' || !text[1]) { putchar(*text); continue; }
    text++;
    putchar(*text == 'n' ? '\n' : *text == 't' ? '\t' : *text);
  }
}

static int answer(const char *program, const char *joined) {
  static char line[65536], chosen[65536];
  int status = 0;
  FILE *file = fopen("C:\\stand-ins\\answers.txt", "rb");
  if (!file) return 0;
  chosen[0] = 0;
  while (fgets(line, sizeof line, file)) {
    char *part, *number, *output;
    line[strcspn(line, "\r\n")] = 0;
    if (!(part = strchr(line, '\t'))) continue;
    *part++ = 0;
    if (!(number = strchr(part, '\t'))) continue;
    *number++ = 0;
    if (!(output = strchr(number, '\t'))) continue;
    *output++ = 0;
    if (_stricmp(line, program) != 0 || !strstr(joined, part)) continue;
    status = (int)strtoll(number, NULL, 10);
    strcpy(chosen, output);
  }
  fclose(file);
  say(chosen);
  return status;
}

int wmain(int count, wchar_t **words) {
  wchar_t path[MAX_PATH];
  char *program, *dot, *joined = calloc(1, 1);
  DWORD written;
  HANDLE log;
  GetModuleFileNameW(NULL, path, MAX_PATH);
  program = utf8(wcsrchr(path, L'\\') + 1);
  if ((dot = strrchr(program, '.'))) *dot = 0;
  put("{\"program\":");
  put_string(program);
  put(",\"arguments\":[");
  for (int index = 1; index < count; index++) {
    char *word = utf8(words[index]);
    if (index > 1) put(",");
    put_string(word);
    joined = realloc(joined, strlen(joined) + strlen(word) + 2);
    if (index > 1) strcat(joined, " ");
    strcat(joined, word);
  }
  put("],\"line\":");
  put_string(utf8(GetCommandLineW()));
  put("}\n");
  CreateDirectoryW(L"C:\\stand-ins", NULL);
  log = CreateFileW(L"C:\\stand-ins\\calls.jsonl", FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  WriteFile(log, record, (DWORD)used, &written, NULL);
  CloseHandle(log);
  return answer(program, joined);
}
`;
