/** One sentence on how something is: a line of `repoint doctor`, and of GetHealth. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly says: string;
}

export const ok = (says: string): Finding => ({ state: 'ok', says });
export const warning = (says: string): Finding => ({ state: 'warning', says });
export const wrong = (says: string): Finding => ({ state: 'wrong', says });
