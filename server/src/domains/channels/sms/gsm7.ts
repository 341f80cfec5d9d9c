/** The GSM-7 alphabet of SMS: basic table and extension table of 3GPP TS 23.038 §6.2.1, one septet to a byte. */

const escapeSeptet = 0x1b;

/** Place in the text is the septet; the one at 0x1B only opens the extension table. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

const extension: readonly (readonly [character: string, septet: number])[] = [
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
];

const septetsOf = new Map<string, readonly number[]>([
  ...[...basic].flatMap((character, septet): [string, number[]][] =>
    septet === escapeSeptet ? [] : [[character, [septet]]],
  ),
  ...extension.map(([character, septet]): [string, number[]] => [character, [escapeSeptet, septet]]),
]);

const extended = new Map(extension.map(([character, septet]) => [septet, character]));

/** How many septets a character takes: 1, 2 for the extension table, undefined when GSM-7 does not have it. */
export function septetCount(character: string): number | undefined {
  return septetsOf.get(character)?.length;
}

/** One septet to a byte, as SMPP carries it. Undefined when the text has a character that GSM-7 does not have. */
export function encodeGsm7(text: string): Buffer | undefined {
  const septets: number[] = [];
  for (const character of text) {
    const found = septetsOf.get(character);
    if (found === undefined) return undefined;
    septets.push(...found);
  }
  return Buffer.from(septets);
}

/**
 * Reads anything: an escape before what the extension table does not have is shown as a space, the character after it
 * from the basic table (3GPP TS 23.038 §6.2.1.1), and bytes above 127 as U+FFFD.
 */
export function decodeGsm7(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) {
    const septet = bytes[at] as number;
    if (septet !== escapeSeptet) {
      text += basic[septet] ?? '\ufffd';
      continue;
    }
    const character = extended.get(bytes[at + 1] ?? escapeSeptet);
    text += character ?? ' ';
    if (character !== undefined) at += 1;
  }
  return text;
}
