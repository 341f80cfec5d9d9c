/** Patterns of policies: `*` is any run of characters, `?` exactly one, both across `/`; `${aws:username}` is the caller. */
import { fitsWildcard, wildcardTokens } from '../../../kernel/wildcard.ts';

/** Decides whether a text fits. `userName` fills the variable; a name never acts as a pattern itself. */
export type Matcher = (text: string, userName: string) => boolean;

const variable = /\$\{([^}]*)\}?/g;
const userNameVariable = '${aws:username}';

/** The variables in a pattern that this server cannot fill. */
export function unknownVariables(pattern: string): string[] {
  return Array.from(pattern.matchAll(variable), ([text]) => text).filter((text) => text !== userNameVariable);
}

/** @param mode whether capitals count */
export function compilePattern(pattern: string, mode: 'exact case' | 'any case' = 'exact case'): Matcher {
  const fold = mode === 'any case' ? (text: string) => text.toLowerCase() : (text: string) => text;
  const folded = fold(pattern);
  if (folded === '*') return () => true;
  if (folded.includes(userNameVariable)) {
    const pieces = folded.split(userNameVariable).map(wildcardTokens);
    return (text, userName) => {
      const name = Array.from(fold(userName));
      return fitsWildcard(
        pieces.flatMap((piece, index) => (index === 0 ? piece : [...name, ...piece])),
        fold(text),
      );
    };
  }
  if (!/[*?]/.test(folded)) return (text) => fold(text) === folded;
  if (/^[^*?]*\*$/.test(folded)) {
    const beginning = folded.slice(0, -1);
    return (text) => fold(text).startsWith(beginning);
  }
  const tokens = wildcardTokens(folded);
  return (text) => fitsWildcard(tokens, fold(text));
}

/**
 * An ARN is matched part by part, so that a wildcard in one part never reaches into the next: an endpoint id may hold
 * `:` and must not be able to pose as another Region, account or project. `*` alone is every resource.
 * @returns undefined when the pattern is no ARN
 */
export function compileArnPattern(pattern: string): Matcher | undefined {
  if (pattern === '*') return () => true;
  // A variable keeps its colon.
  const parts = joinRest(pattern.split(/(?<!\$\{aws):/));
  if (parts[0] !== 'arn') return undefined;
  // `arn:aws:mobiletargeting:*` means everything below.
  if (parts.length < arnParts && !pattern.endsWith('*')) return undefined;
  const matchers = Array.from({ length: arnParts }, (_, index) => compilePattern(parts[index] ?? '*'));
  return (text, userName) => {
    const values = joinRest(text.split(':'));
    return values.length === arnParts && matchers.every((matches, index) => matches(values[index] as string, userName));
  };
}

const arnParts = 6;

/** `arn:partition:service:region:account:resource`: only the first five colons separate. */
function joinRest(parts: readonly string[]): string[] {
  if (parts.length <= arnParts) return [...parts];
  return [...parts.slice(0, arnParts - 1), parts.slice(arnParts - 1).join(':')];
}
