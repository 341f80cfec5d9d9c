/** What becomes of lines: what readers of a format say to whoever sifts a file. */

/**
 * - `no row`: nothing that counts (a header, an empty line, more of a row that stays)
 * - `goes along`: more of the row before, which goes
 */
export type Verdict = 'keep' | 'drop' | 'goes along' | 'no row' | { readonly instead: string };

export interface LineJudge {
  /** A byte that may spell anything: without it, text stands in a line as it is. */
  readonly escapeByte: number;
  /** Each line says by itself what becomes of it. */
  readonly isApart: boolean;
  /** Lines in order, without their ends. @returns verdicts of the first so many: the others are given again, with more */
  judge(lines: readonly string[], isEnd: boolean): { readonly verdicts: readonly Verdict[]; readonly judged: number };
}
