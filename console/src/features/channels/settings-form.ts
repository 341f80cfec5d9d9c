/** Settings as a form: texts while they are typed; numbers, switches and objects when they are sent. */

export interface SettingField {
  /** `Dkim.Domain`: where it stands in the settings. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Of a text of several lines. */
  readonly rows?: number;
  /** Never shown again once it is saved. */
  readonly secret?: boolean;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly kind?: 'number' | 'flag' | 'json';
}

export type SettingTexts = Readonly<Record<string, string>>;
type Settings = Record<string, unknown>;

export function toTexts(settings: Readonly<Settings>, fields: readonly SettingField[]): SettingTexts {
  return Object.fromEntries(fields.map(({ name, kind }) => [name, toText(find(settings, name), kind)]));
}

function find(settings: Readonly<Settings>, name: string): unknown {
  const [first = '', second] = name.split('.');
  return second === undefined ? settings[first] : (settings[first] as Settings | undefined)?.[second];
}

function toText(value: unknown, kind: SettingField['kind']): string {
  if (value === undefined || value === null) return '';
  return kind === 'json' ? JSON.stringify(value, null, 2) : String(value);
}

/** What is empty is left out. @throws SyntaxError where a field wants JSON and has none */
export function toSettings(texts: SettingTexts, fields: readonly SettingField[]): Settings {
  const settings: Settings = {};
  for (const { name, kind } of fields) {
    const text = texts[name] ?? '';
    if (text.trim() === '') continue;
    const [first = '', second] = name.split('.');
    const value = toValue(text, kind);
    if (second === undefined) settings[first] = value;
    else settings[first] = { ...(settings[first] as Settings | undefined), [second]: value };
  }
  return settings;
}

function toValue(text: string, kind: SettingField['kind']): unknown {
  if (kind === 'number') return Number(text);
  if (kind === 'flag') return text === 'true';
  return kind === 'json' ? JSON.parse(text) : text;
}

/** What keeps the form from being sent; undefined when nothing does. */
export function faultOf(texts: SettingTexts, fields: readonly SettingField[]): string | undefined {
  for (const { name, label, kind, required } of fields) {
    const text = (texts[name] ?? '').trim();
    if (required && text === '') return `${label} is missing.`;
    if (kind === 'number' && text !== '' && !Number.isFinite(Number(text))) return `${label} is no number.`;
    if (kind === 'json' && text !== '' && !isObject(text)) return `${label} is no JSON object.`;
  }
  return undefined;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
