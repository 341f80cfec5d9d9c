/** Numbers as people read them. */

const format = new Intl.NumberFormat('en');

export function showNumber(value: number | undefined): string {
  return value === undefined ? '–' : format.format(value);
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

export function showBytes(bytes: number | undefined): string {
  if (bytes === undefined) return '–';
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
