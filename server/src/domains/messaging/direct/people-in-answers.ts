/**
 * Whom answers of sending calls name: members of their results are addresses, endpoint ids and user ids, and results of
 * endpoints tell the address (dossier/messaging §5).
 */

const results: readonly string[] = ['Result', 'EndpointResult'];

/** Every name in an answer, once. */
export function namesIn(answer: unknown): string[] {
  const names = new Set<string>();
  for (const [member, value] of membersOf(answer)) {
    // `MessageResponse` of the answer's wrapper, where there is one.
    if (!results.includes(member)) continue;
    for (const [name, result] of membersOf(value)) {
      names.add(name);
      for (const [inner, each] of [[name, result] as const, ...membersOf(result)]) {
        if (isResult(each)) names.add(inner);
        const { Address } = (typeof each === 'object' && each !== null ? each : {}) as { Address?: unknown };
        if (typeof Address === 'string') names.add(Address);
      }
    }
  }
  return [...names];
}

/** The answer without whatever is told of them. @param names in small letters */
export function withoutNames(answer: unknown, names: ReadonlySet<string>): unknown {
  const without = (value: unknown, depth: number): unknown =>
    typeof value !== 'object' || value === null || depth === 0
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .filter(([name, each]) => !names.has(name.toLowerCase()) && !isOf(each, names))
            .map(([name, each]) => [name, isResult(each) ? each : without(each, depth - 1)]),
        );
  return Object.fromEntries(
    membersOf(answer).map(([member, value]) => [member, results.includes(member) ? without(value, 2) : value]),
  );
}

function isOf(value: unknown, names: ReadonlySet<string>): boolean {
  const { Address } = (typeof value === 'object' && value !== null ? value : {}) as { Address?: unknown };
  return typeof Address === 'string' && names.has(Address.toLowerCase());
}

/** `MessageResult` and `EndpointMessageResult` have it; a map of them by endpoint id has not. */
function isResult(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'DeliveryStatus' in value;
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
