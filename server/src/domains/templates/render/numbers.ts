/** Numbers as Pinpoint prints and reads them (dossier/messaging §4.4, §4.2). */

const decimals = 8;

/** Rounded half up to 8 decimals, no trailing zeros, no exponent; nothing for what is not finite. */
export function printNumber(value: number): string {
  if (Number.isInteger(value))
    return Math.abs(value) < 1e21 ? String(value === 0 ? 0 : value) : BigInt(value).toString();
  if (!Number.isFinite(value)) return '';
  const text = String(value);
  const point = text.indexOf('.');
  if (point >= 0 && text.length - point - 1 <= decimals && !text.includes('e')) return text;
  return roundDecimals(text);
}

/** In decimal, on the digits that JavaScript prints: `toFixed` would round 1.000000005 by its binary form. */
function roundDecimals(text: string): string {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').split(/e(?=[+-])/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent) + decimals;
  const digits = whole + fraction;
  // How many digits stand before the decimal point once the number is counted in units of 10^-8.
  const kept = whole.length + shift;
  if (kept < 0) return '0';
  const roundedUp = Number(digits[kept] ?? '0') >= 5 ? 1n : 0n;
  const units = BigInt(digits.slice(0, kept).padEnd(kept, '0') || '0') + roundedUp;
  if (units === 0n) return '0';
  const padded = units.toString().padStart(decimals + 1, '0');
  const after = padded.slice(-decimals).replace(/0+$/, '');
  return `${text.startsWith('-') ? '-' : ''}${padded.slice(0, -decimals)}${after && `.${after}`}`;
}

const numeral = /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,3})?$/;

/** The number that a value is or spells; undefined for everything else, infinities included. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 1_000) return undefined;
  const text = value.trim();
  if (!numeral.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
