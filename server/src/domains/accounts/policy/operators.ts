/** The comparisons of policy conditions. Each compiles its value once and says of a request's value: fits or not. */
import { BlockList, isIP } from 'node:net';
import { compileArnPattern, compilePattern } from './pattern.ts';

/** `undefined` when the value of the request cannot be read as what is compared: then the statement decides. */
export type Comparison = (value: string, userName: string) => boolean | undefined;

export interface Operator {
  /** Fits when none of the policy's values does. */
  readonly negated: boolean;
  /** @returns undefined when the policy's value cannot be compared in this way */
  compile(policyValue: string): Comparison | undefined;
}

type Compile = Operator['compile'];

const equals: Compile = (wanted) => filled(wanted, (own, value) => own === value);
const equalsAnyCase: Compile = (wanted) => filled(wanted, (own, value) => own.toLowerCase() === value.toLowerCase());
const like: Compile = (wanted) => compilePattern(wanted);
const arn: Compile = (wanted) => compileArnPattern(wanted);

/** In a plain comparison the caller's name takes the place of its variable, and `*` is an asterisk. */
function filled(wanted: string, compare: (own: string, value: string) => boolean): Comparison {
  return (value, userName) =>
    compare(
      wanted.replaceAll('${aws:username}', () => userName),
      value,
    );
}

const bool: Compile = (wanted) => {
  const expected = wanted.toLowerCase();
  if (expected !== 'true' && expected !== 'false') return undefined;
  return (value) => value.toLowerCase() === expected;
};

/** Orders two values of one kind. */
function ordered(read: (text: string) => number, holds: (value: number, wanted: number) => boolean): Compile {
  return (text) => {
    const wanted = read(text);
    if (Number.isNaN(wanted)) return undefined;
    return (value) => {
      const own = read(value);
      return Number.isNaN(own) ? undefined : holds(own, wanted);
    };
  };
}

function readNumber(text: string): number {
  return /^[+-]?[0-9]+(?:\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** ISO 8601 with a time zone, a day alone (its first moment, UTC), or seconds since 1970. */
function readDate(text: string): number {
  if (/^[0-9]{1,11}$/.test(text)) return Number(text) * 1000;
  const iso =
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2}))?$/;
  return iso.test(text) ? Date.parse(text) : Number.NaN;
}

const address: Compile = (text) => {
  const [network = '', bits, ...rest] = text.split('/');
  const family = isIP(network);
  const most = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^[0-9]{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === 0 || rest.length > 0 || !(prefix <= most)) return undefined;
  const list = new BlockList();
  list.addSubnet(network, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return (value) => {
    const plain = value.replace(/^::ffff:(?=[0-9.]+$)/i, '').replace(/%.*$/, '');
    const own = isIP(plain);
    return own === 0 ? undefined : list.check(plain, own === 4 ? 'ipv4' : 'ipv6');
  };
};

const equal = (value: number, wanted: number) => value === wanted;
const less = (value: number, wanted: number) => value < wanted;
const lessOrEqual = (value: number, wanted: number) => value <= wanted;
const greater = (value: number, wanted: number) => value > wanted;
const greaterOrEqual = (value: number, wanted: number) => value >= wanted;

const is = (compile: Compile): Operator => ({ negated: false, compile });
const isNot = (compile: Compile): Operator => ({ negated: true, compile });

/** By name as IAM spells it, without prefix and suffix; `Null` stands apart (`condition.ts`). */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', is(equals)],
  ['StringNotEquals', isNot(equals)],
  ['StringEqualsIgnoreCase', is(equalsAnyCase)],
  ['StringNotEqualsIgnoreCase', isNot(equalsAnyCase)],
  ['StringLike', is(like)],
  ['StringNotLike', isNot(like)],
  ['ArnEquals', is(arn)],
  ['ArnNotEquals', isNot(arn)],
  ['ArnLike', is(arn)],
  ['ArnNotLike', isNot(arn)],
  ['Bool', is(bool)],
  ['IpAddress', is(address)],
  ['NotIpAddress', isNot(address)],
  ['NumericEquals', is(ordered(readNumber, equal))],
  ['NumericNotEquals', isNot(ordered(readNumber, equal))],
  ['NumericLessThan', is(ordered(readNumber, less))],
  ['NumericLessThanEquals', is(ordered(readNumber, lessOrEqual))],
  ['NumericGreaterThan', is(ordered(readNumber, greater))],
  ['NumericGreaterThanEquals', is(ordered(readNumber, greaterOrEqual))],
  ['DateEquals', is(ordered(readDate, equal))],
  ['DateNotEquals', isNot(ordered(readDate, equal))],
  ['DateLessThan', is(ordered(readDate, less))],
  ['DateLessThanEquals', is(ordered(readDate, lessOrEqual))],
  ['DateGreaterThan', is(ordered(readDate, greater))],
  ['DateGreaterThanEquals', is(ordered(readDate, greaterOrEqual))],
]);
