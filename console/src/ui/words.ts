/** Codes of the APIs as people read them. */

/** `PARTIALLY_COMPLETED` → `Partially completed` */
export function inWords(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
