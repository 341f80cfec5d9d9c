/** How long something took, in words. Pure. */

const units = [
  ['d', 24 * 3600],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** The two largest units that say something: `2 d 3 h`, `45 s`. */
export function showDuration(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  const rounded = Math.round(seconds);
  if (rounded < 1) return seconds === 0 ? '0 s' : 'under 1 s';
  const first = units.findIndex(([, length]) => rounded >= length);
  let left = rounded;
  const parts = units.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? '' : `${count} ${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}
