/**
 * Words that mean the same on every number, folded. Besides those of dossier/messaging §9.2, words that carriers and
 * SMS services honour in other languages: whoever answers in the language of a message wants it as much.
 */
import { foldKeyword } from './keyword.ts';

const wordsOf = (...groups: readonly (readonly string[])[]): ReadonlySet<string> =>
  new Set(groups.flat().map(foldKeyword));

export const optOutWords = wordsOf(
  // Pinpoint's own: dossier/messaging §9.2. ARRET is Canadian carriers' French.
  ['ARRET', 'CANCEL', 'END', 'OPT-OUT', 'OPTOUT', 'QUIT', 'REMOVE', 'STOP', 'TD', 'UNSUBSCRIBE'],
  // CTIA's handbook and Twilio's defaults; REVOKE is in the list of 47 CFR 64.1200(a)(10).
  ['STOPALL', 'REVOKE'],
  // German: the spelling of the word; HALT is one of MessageBird's defaults; "abmelden" stands in newsletters.
  ['STOPP', 'HALT', 'ABMELDEN', 'ABBESTELLEN'],
  // Spanish: what messages ask for, BAJA in Spain and Mexico, ALTO and CANCELAR in North America; DETENER is one of
  // MessageBird's defaults, and PARAR is the same word as in Portuguese.
  ['BAJA', 'ALTO', 'PARAR', 'DETENER', 'CANCELAR'],
  // French: what unsubscribing is called; France itself asks for STOP.
  ['DESABONNER', 'DESABONNEMENT', 'DESINSCRIRE', 'DESINSCRIPTION'],
  // Italian: FERMA is one of MessageBird's defaults; the others say "cancel" and "unsubscribe".
  ['FERMA', 'CANCELLA', 'CANCELLAMI', 'DISISCRIVIMI'],
  // Portuguese: SAIR is what messages in Brazil ask for; PARAR is one of MessageBird's defaults.
  ['SAIR', 'PARE', 'REMOVER', 'DESCADASTRAR'],
);

/** HELP, and CTIA's INFO; in other languages MessageBird's defaults, AIDE is Canadian carriers' French. */
export const helpWords = wordsOf(['HELP', 'INFO'], ['HILFE', 'AYUDA', 'AIDE', 'AIUTO', 'AJUDA']);

/** dossier/messaging §9.2. YES, which others take as well, answers too many other questions. */
export const optInWords = wordsOf(['START', 'UNSTOP']);

/** Of a US toll-free number, the carriers themselves block, unblock and confirm (dossier/messaging §9.2). */
const wordsOfCarriers: ReadonlySet<string> = new Set(['STOP', 'UNSTOP']);
/** The toll-free codes of the North American Numbering Plan. */
const tollFree = /^\+18(00|33|44|55|66|77|88)[0-9]{7}$/;

export function isAnsweredByCarriers(number: string, keyword: string | undefined): boolean {
  return keyword !== undefined && wordsOfCarriers.has(keyword) && tollFree.test(number);
}

/** Answers of numbers that have no texts of their own. */
export const usualTexts = {
  help: 'Reply STOP to receive no more messages. Message and data rates may apply.',
  stop: 'You are unsubscribed and will receive no more messages. Reply START to subscribe again.',
  start: 'You are subscribed again. Reply HELP for help, STOP to unsubscribe.',
} as const;
