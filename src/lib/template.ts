// Comes in: text with placeholders `@@Name@@` and values. Goes out: the text, each value written as its language wants
// it. Knows no project; refuses values that could break out of their place.
import { AppError } from '../errors.js';

export type Values = ReadonlyMap<string, string>;

const placeholder = /@@([A-Za-z][A-Za-z0-9]*)@@/g;

/**
 * Fills in a file's placeholders. The file's extension decides how a value is written: a JSON or Python string's inside,
 * XML text; anything else takes values as they are. Throws SITE_INVALID for a name without a value.
 */
export function fillIn(text: string, fileName: string, values: Values): string {
  const write = writerFor(fileName);
  return text.replace(placeholder, (_, name: string) => write(valueOf(name, fileName, values)));
}

/** Fills in the placeholders of a path; a value may be one plain name only. */
export function fillInPath(path: string, values: Values): string {
  return path.replace(placeholder, (_, name: string) => {
    const value = valueOf(name, path, values);
    if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(value)) return value;
    throw new AppError('USAGE', `'${value}' cannot be used for '${name}': it becomes the name of a file`, {
      hint: 'Use letters, digits, `_`, `-` and `.`',
    });
  });
}

function valueOf(name: string, fileName: string, values: Values): string {
  const value = values.get(name);
  if (value === undefined) {
    throw new AppError(
      'SITE_INVALID',
      `The template's file '${fileName}' asks for '${name}', which nobody gave`,
      {
        hint: `Give it with \`--param ${name}=VALUE\``,
      },
    );
  }
  return value;
}

function writerFor(fileName: string): (value: string) => string {
  const extension = /\.([A-Za-z0-9]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  if (['json', 'js'].includes(extension)) return (value) => JSON.stringify(value).slice(1, -1);
  if (extension === 'py') return pythonText;
  if (['xml', 'config', 'html', 'svg'].includes(extension)) return xmlText;
  return plainText;
}

/** The inside of a Python string literal in either kind of quotes. */
function pythonText(value: string): string {
  return JSON.stringify(value).slice(1, -1).replace(/'/g, "\\'");
}

function xmlText(value: string): string {
  return plainText(value)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

function plainText(value: string): string {
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(value)) {
    throw new AppError('USAGE', 'A parameter holds a control character, which no file of a project can', {
      hint: 'Give it as one line of plain text',
    });
  }
  return value;
}
