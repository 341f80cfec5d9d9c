/** The content of a template, and its fields as texts of a form: what the form does not show stays as it was. */

export type Content = Record<string, unknown>;

/** Of an answer, what is no content. */
const described = [
  ...['Arn', 'CreationDate', 'LastModifiedDate', 'TemplateName', 'TemplateType', 'Version', 'tags', '$metadata'],
];

/** Fields that are objects or lists; they are edited as JSON. */
const asJson: ReadonlySet<string> = new Set(['Content', 'CustomConfig']);

export interface FormField {
  readonly path: string;
}

export type Form = Readonly<Record<string, string>>;

export function toForm(content: Content, fields: readonly FormField[]): Form {
  return Object.fromEntries(fields.map(({ path }) => [path, toText(path, read(content, path.split('.')))]));
}

function toText(path: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return asJson.has(path) ? JSON.stringify(value, null, 2) : String(value);
}

/** @throws SyntaxError where a field wants JSON and has none */
export function toContent(stored: Content, form: Form): Content {
  const content: Content = structuredClone(stored);
  for (const name of described) delete content[name];
  for (const [path, text] of Object.entries(form)) {
    const value = text === '' ? undefined : asJson.has(path) ? JSON.parse(text) : text;
    write(content, path.split('.'), value);
  }
  return content;
}

/** The first field whose JSON cannot be read. */
export function brokenField(form: Form): string | undefined {
  return Object.entries(form).find(([path, text]) => asJson.has(path) && text !== '' && !isJson(text))?.[0];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function read(content: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined || typeof content !== 'object' || content === null) return content;
  return read((content as Content)[first], rest);
}

/** An object of which nothing is left is left out. */
function write(content: Content, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) delete content[first];
    else content[first] = value;
    return;
  }
  const inner = { ...(content[first] as Content | undefined) };
  write(inner, rest, value);
  if (Object.keys(inner).length === 0) delete content[first];
  else content[first] = inner;
}
