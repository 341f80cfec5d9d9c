/**
 * The keyword of a message is its first word (dossier/messaging §9.2), whatever its case, accents and punctuation:
 * phones capitalise, complete and correct what people type.
 */

/** Hyphens and apostrophes are inside of words: `OPT-OUT`, `l'arrêt`. */
const firstOfAll = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[-\u2010\u2011'\u2019][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*/u;

/** Undefined for a message without letters and digits. */
export function keywordIn(body: string): string | undefined {
  const [word] = firstOfAll.exec(body.normalize('NFKC')) ?? [];
  return word === undefined ? undefined : foldKeyword(word);
}

/**
 * Capitals without punctuation, and without accents on Latin letters: `Arrêt` is ARRET, `opt-out` is OPTOUT. Marks of
 * other scripts make other letters and stay.
 */
export function foldKeyword(word: string): string {
  return word
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');
}
