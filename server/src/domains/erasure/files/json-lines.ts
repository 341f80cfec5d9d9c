/** Lines of newline JSON: endpoints as imports read and exports write them, events as streams write them. */
import type { Matcher } from './identities.ts';
import type { LineJudge, Verdict } from './verdict.ts';

type Members = Readonly<Record<string, unknown>>;

export function judgeJsonLines(matcher: Matcher): LineJudge {
  return {
    escapeByte: 0x5c,
    isApart: true,
    judge: (lines) => ({ verdicts: lines.map((line) => judge(line, matcher)), judged: lines.length }),
  };
}

function judge(line: string, matcher: Matcher): Verdict {
  if (line.trim() === '') return 'no row';
  const row = parse(line);
  if (row === undefined) return matcher.isIn(line) ? 'drop' : 'keep';
  const found = typeof row['event_type'] === 'string' ? isEventOf(row, matcher) : isEndpointOf(row, matcher);
  return found ? 'drop' : 'keep';
}

function parse(line: string): Members | undefined {
  try {
    return asMembers(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function asMembers(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
}

function isEndpointOf(row: Members, matcher: Matcher): boolean {
  const userId = asMembers(row['User'])?.['UserId'];
  return matcher.isRow({ id: row['Id'], userId, address: row['Address'], channelType: row['ChannelType'] });
}

/** `client.client_id` is the endpoint; addresses stand in several members, depending on the family (§2.3 to §2.6). */
function isEventOf(row: Members, matcher: Matcher): boolean {
  const endpointId = asMembers(row['client'])?.['client_id'];
  if (matcher.isLater(row['arrival_timestamp'], endpointId)) return false;
  if (matcher.isEndpoint(endpointId)) return true;
  return !matcher.isOther(endpointId) && isMentioned(row, matcher, deepest);
}

const deepest = 12;

function isMentioned(value: unknown, matcher: Matcher, depth: number): boolean {
  if (typeof value === 'string') {
    if (matcher.isAddress(value)) return true;
    // `client_context.custom.endpoint` is JSON as a string.
    const inner = value.startsWith('{') ? parse(value) : undefined;
    return inner !== undefined && depth > 0 && isMentioned(inner, matcher, depth - 1);
  }
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  if (Array.isArray(value)) return value.some((each) => isMentioned(each, matcher, depth - 1));
  return Object.entries(value).some(
    ([name, each]) => (name === 'UserId' && matcher.isUser(each)) || isMentioned(each, matcher, depth - 1),
  );
}
