/**
 * Structured logs. Lines carry project and resource ids; never endpoint ids, user ids, addresses, URLs or bodies
 * (DESIGN section 7). Where an identity must be recognisable, log `fingerprint` of it.
 */
import { createHmac } from 'node:crypto';
import { type Logger, pino } from 'pino';

export type { Logger };

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** To standard error: standard output belongs to what a command was asked for. */
export function createLogger(level: LogLevel, bindings: Record<string, string | number> = {}): Logger {
  return pino(
    { level, base: bindings, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeFault } },
    pino.destination(2),
  );
}

/**
 * What a log line may say of a fault: its type, code and stack. The message is left out when it comes from
 * PostgreSQL, whose messages and details quote row values, or from a parser, which quotes what it could not read.
 */
export function describeFault(fault: unknown): Record<string, unknown> {
  if (!(fault instanceof Error)) return { type: typeof fault };
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined;
  const quotesData = 'severity' in fault || fault instanceof SyntaxError;
  const frames = fault.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')) ?? [];
  return {
    type: fault.name,
    code,
    message: quotesData ? undefined : fault.message,
    constraint: 'constraint' in fault ? fault.constraint : undefined,
    stack: frames.join('\n'),
    cause: fault.cause === undefined ? undefined : describeFault(fault.cause),
  };
}

/** A keyed hash that stands for an identity in logs, audit entries and traces: 16 hex characters. */
export function fingerprint(key: Buffer, identity: string): string {
  return createHmac('sha256', key).update(identity).digest('hex').slice(0, 16);
}
