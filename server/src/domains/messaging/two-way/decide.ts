/** What a message asks for, and what is to be done about it. Words and settings in, a decision out. */
import { keywordIn } from './keyword.ts';
import { helpWords, isAnsweredByCarriers, optInWords, optOutWords, usualTexts } from './words.ts';

export type KeywordAction = 'AUTOMATIC_RESPONSE' | 'OPT_OUT' | 'OPT_IN';

export interface Keyword {
  readonly keyword: string;
  readonly action: KeywordAction;
  /** Null: the number's text for STOP or START. */
  readonly response: string | null;
}

/** What a decision goes by; of a number nobody configured, undefined. */
export interface NumberRules {
  readonly selfManagedOptOuts: boolean;
  readonly helpText: string | null;
  readonly stopText: string | null;
  readonly startText: string | null;
  readonly keywords: readonly Keyword[];
}

export interface Decision {
  readonly keyword: string | undefined;
  /** OPT_OUT and OPT_IN change the account's list. */
  readonly action: KeywordAction | 'NONE';
  readonly answer: string | undefined;
  /** To where the number publishes, if it does. HELP, STOP and START are ours, unless the number is self-managed. */
  readonly isPublished: boolean;
}

export function decide(number: string, rules: NumberRules | undefined, body: string): Decision {
  const word = keywordIn(body);
  const known = word === undefined ? undefined : knownAs(word, rules);
  const keyword = known && word;
  if (rules?.selfManagedOptOuts === true) return { keyword, action: 'NONE', answer: undefined, isPublished: true };
  if (known === undefined) return { keyword, action: 'NONE', answer: undefined, isPublished: true };
  const answer = isAnsweredByCarriers(number, word) ? undefined : known.answer;
  return { keyword, action: known.action, answer, isPublished: known.isOwn };
}

interface Known {
  readonly action: KeywordAction;
  readonly answer: string;
  readonly isOwn: boolean;
}

/** The number's own words before everybody's. */
function knownAs(word: string, rules: NumberRules | undefined): Known | undefined {
  const texts = {
    AUTOMATIC_RESPONSE: rules?.helpText ?? usualTexts.help,
    OPT_OUT: rules?.stopText ?? usualTexts.stop,
    OPT_IN: rules?.startText ?? usualTexts.start,
  };
  const own = rules?.keywords.find(({ keyword }) => keyword === word);
  if (own !== undefined) return { action: own.action, answer: own.response ?? texts[own.action], isOwn: true };
  const action = actionOf(word);
  return action && { action, answer: texts[action], isOwn: false };
}

/** Of a word that means the same on every number. */
export function actionOf(word: string): KeywordAction | undefined {
  if (optOutWords.has(word)) return 'OPT_OUT';
  if (optInWords.has(word)) return 'OPT_IN';
  return helpWords.has(word) ? 'AUTOMATIC_RESPONSE' : undefined;
}
