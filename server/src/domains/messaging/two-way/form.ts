/** What callers may set for a number and its keywords. Faults name the member and never quote a value. */
import type { WriteSmsKeywordRequest, WriteSmsNumberRequest } from '../../../contract/repoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { isTopicArn } from '../../../outgoing/sns.ts';
import { isWebhookSecret } from '../../../outgoing/standard-webhooks.ts';
import { countSmsParts, isShortCode, SmsTooLong, toE164 } from '../../channels/index.ts';
import { actionOf, type Keyword, type KeywordAction } from './decide.ts';
import { foldKeyword } from './keyword.ts';

/** In one spelling only: a denial of `sms/numbers/+12065550142` must not be walked around with another. */
export function checkNumber(number: string): string {
  if (isShortCode(number) || (number.startsWith('+') && toE164(number) === number)) return number;
  throw badRequest('number must be a phone number in E.164 or a short code');
}

const longestKeyword = 30;

/** In the spelling of `foldKeyword` only, for the same reason. */
export function checkKeyword(keyword: string): string {
  const isFolded = keyword !== '' && foldKeyword(keyword) === keyword;
  if (isFolded && [...keyword].length <= longestKeyword) return keyword;
  throw badRequest(
    `keyword must be one word of 1 to ${longestKeyword} letters and digits, in capitals and without accents`,
  );
}

/** Undefined for empty text: consoles and Terraform send it. */
export function readMessageText(name: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    countSmsParts(text);
  } catch (error) {
    if (error instanceof SmsTooLong) throw badRequest(`${name} is longer than an SMS may be`);
    throw error;
  }
  return text;
}

export interface Destinations {
  readonly topicArn: string | null;
  readonly webhookUrl: string | null;
  /** Undefined: as before. */
  readonly webhookSecret: string | undefined;
  readonly selfManagedOptOuts: boolean;
}

export function readDestinations(request: WriteSmsNumberRequest): Destinations {
  const { TopicArn = '', WebhookUrl = '', WebhookSecret = '', SelfManagedOptOuts = false } = request;
  if (TopicArn !== '' && !isTopicArn(TopicArn)) throw badRequest('TopicArn must be the ARN of a standard SNS topic');
  if (WebhookUrl !== '') checkWebhookUrl(WebhookUrl);
  if (WebhookSecret !== '' && !isWebhookSecret(WebhookSecret)) {
    throw badRequest('WebhookSecret must be whsec_ and base64 of 24 to 64 bytes');
  }
  if (SelfManagedOptOuts && TopicArn === '' && WebhookUrl === '') {
    throw badRequest(
      'SelfManagedOptOuts needs a TopicArn or a WebhookUrl: whoever keeps the list must hear of opt-outs',
    );
  }
  return {
    ...{ topicArn: TopicArn || null, webhookUrl: WebhookUrl || null, selfManagedOptOuts: SelfManagedOptOuts },
    webhookSecret: WebhookSecret || undefined,
  };
}

/** Form only: into which networks it may lead is looked at whenever something is sent. */
function checkWebhookUrl(text: string): void {
  const url = URL.parse(text);
  const isPlain = url !== null && url.username === '' && url.password === '' && url.hash === '';
  if (!isPlain || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw badRequest('WebhookUrl must be an http(s) URL without user and fragment');
  }
}

/** Those that every number has, with the text that answers them. They cannot be removed. */
export const builtInKeywords = {
  HELP: 'helpText',
  START: 'startText',
  STOP: 'stopText',
  UNSTOP: 'startText',
} as const;
export type BuiltInKeyword = keyof typeof builtInKeywords;

export function isBuiltIn(keyword: string): keyword is BuiltInKeyword {
  return Object.hasOwn(builtInKeywords, keyword);
}

/** An opt-out is one in every account: its words may be given other answers, and no other meaning. */
export function readKeyword(keyword: string, { Action, Response }: WriteSmsKeywordRequest): Keyword {
  const usual = actionOf(keyword);
  const action: KeywordAction = Action ?? usual ?? 'AUTOMATIC_RESPONSE';
  const isFixed = isBuiltIn(keyword) || usual === 'OPT_OUT';
  if (isFixed && action !== usual) throw badRequest(`Action of this keyword is always ${usual}`);
  const response = readMessageText('Response', Response);
  if (action === 'AUTOMATIC_RESPONSE' && response === undefined && !isBuiltIn(keyword)) {
    throw badRequest('Response is required with AUTOMATIC_RESPONSE');
  }
  return { keyword, action, response: response ?? null };
}
