/** SendOTPMessage and VerifyOTPMessage (dossier/messaging §6). */
import type { Database } from '../../../database/index.ts';
import type { Handlers } from '../../../operations/call.ts';
import type { MessageSources } from '../compose/sources.ts';
import type { IdempotentCalls } from '../direct/idempotent-calls.ts';
import { directRun, once, toResult } from '../direct/operations.ts';
import { type DirectParts, sendDirect } from '../direct/send-direct.ts';
import type { OneTimePasswords } from './passwords.ts';
import { type OtpRequest, readOtpRequest } from './request.ts';
import { otpLanguages } from './texts.ts';

export interface OtpParts extends DirectParts {
  readonly database: Database;
  readonly passwords: OneTimePasswords;
  readonly idempotentCalls: IdempotentCalls;
  readonly metrics: { verified(isRight: boolean): void };
}

export function otpOperations(parts: OtpParts): Handlers<'SendOTPMessage' | 'VerifyOTPMessage'> {
  const { database, passwords, idempotentCalls, metrics } = parts;
  return {
    async SendOTPMessage({ SendOTPMessageRequestParameters: parameters }, call) {
      const request = readOtpRequest(parameters);
      return once(idempotentCalls, parameters, call, async () => {
        const code = passwords.draw(request.codeLength);
        const name = { projectNumber: call.project.number, ...request };
        const expiresAt = new Date(call.now.getTime() + request.validMinutes * 60_000);
        // Before it leaves: whoever gets it may enter it at once.
        await passwords.store(database.query, name, code, { attempts: request.attempts, expiresAt });
        const direct = { call, run: directRun(call), sources: otpSources(request, code), traceId: undefined };
        const target = {
          ...{ channelType: 'SMS' as const, address: request.destination, endpoint: undefined },
          ...{
            overrides: { title: undefined, body: undefined, rawContent: undefined },
            substitutions: {},
            context: {},
          },
        };
        const [result] = await sendDirect(parts, direct, [target]);
        if (result === undefined) throw new Error('A message without a result.');
        return {
          ApplicationId: call.project.id,
          RequestId: call.requestId,
          Result: { [request.destination]: withMessageId(toResult(result)) },
        };
      });
    },

    async VerifyOTPMessage({ VerifyOTPMessageRequestParameters: given }, call) {
      const name = {
        projectNumber: call.project.number,
        destination: given.DestinationIdentity,
        referenceId: given.ReferenceId,
      };
      const Valid = await passwords.verify(database.query, name, given.Otp, call.now);
      metrics.verified(Valid);
      return { Valid };
    },
  };
}

/** The text is ours, and braces in a brand are no variable. */
function otpSources(request: OtpRequest, code: string): MessageSources {
  const { origination, entityId, templateId } = request;
  const isNumber = /^\+?[0-9]+$/.test(origination);
  return {
    email: undefined,
    voice: undefined,
    push: () => undefined,
    substitutions: { code: [code], brand: [request.brandName] },
    sms: {
      body: otpLanguages[request.language]('{{code}}', '{{brand}}'),
      messageType: 'TRANSACTIONAL',
      originationNumber: isNumber ? origination : undefined,
      senderId: isNumber ? undefined : origination,
      ...{ entityId, templateId, substitutions: {}, defaults: {} },
    },
  };
}

function withMessageId<Result extends { readonly MessageId?: string; readonly StatusMessage?: string }>(
  result: Result,
): Result {
  return result.MessageId === undefined ? result : { ...result, StatusMessage: `MessageId: ${result.MessageId}` };
}
