/** The custom channel as a webhook: POST of the documented payload to the URL of the campaign or journey. */
import { badRequest, ServiceError } from '../../../../kernel/errors.ts';
import { OutgoingFault, type OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Driver, DriverKind, DriverParts, Outcome } from '../../driver.ts';
import { settingsReader } from '../../settings-reader.ts';
import { type Attempt, type AttemptOptions, attemptSeveral, attemptTimeout } from '../custom/attempts.ts';
import { type CustomBatch, endpointsPerCall, toPayload } from '../custom/batches.ts';
import { deliverCustom } from '../custom/deliver.ts';
import { outcomeOfFault, outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { accepted, refused } from '../delivery/outcomes.ts';
import { readWebhookUrl } from './ownership.ts';
import { webhookHeaders, webhookId } from './signature.ts';

export { checkWebhookOwner, isWebhookUri, readWebhookUrl } from './ownership.ts';

export interface WebhookSettings {
  /** `whsec_` and 24 to 64 bytes in base64; calls are not signed without it. */
  readonly secret?: string;
}

export const webhook: DriverKind<WebhookSettings> = {
  kind: 'WEBHOOK',
  channelTypes: ['CUSTOM'],
  readSettings(given) {
    const form = 'whsec_ and 24 to 64 bytes in base64';
    const secret = settingsReader(given, ['Secret']).text('Secret', /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, form);
    if (secret === undefined) return {};
    const bytes = secretBytes(secret).length;
    if (bytes < 24 || bytes > 64) throw badRequest(`Secret must be ${form}`);
    return { secret };
  },
  show: ({ secret }) => ({ HasSecret: secret !== undefined }),
  open: (settings, parts) => openWebhook(settings, parts),
};

const limits = { batch: endpointsPerCall, concurrency: 16 };

export function openWebhook({ secret }: WebhookSettings, parts: DriverParts, options: AttemptOptions = {}): Driver {
  const key = secret === undefined ? undefined : secretBytes(secret);
  const { timeoutMilliseconds = attemptTimeout } = options;

  async function post(url: URL, { id, body }: { id: string; body: string }, signal: AbortSignal): Promise<Attempt> {
    const headers = {
      'content-type': 'application/json',
      ...webhookHeaders({ id, at: parts.clock.now(), body }, key),
    };
    try {
      const answer = await parts.http.request({ method: 'POST', url, headers, body, signal, timeoutMilliseconds });
      const outcome = ofOneReceiver(outcomeOf(answer, parts));
      return outcome.status === 'SUCCESSFUL' ? { outcome, reply: answer.text } : { outcome };
    } catch (error) {
      const outcome = ofOneReceiver(outcomeOfFault(error, 'The receiver'));
      return { outcome, final: error instanceof OutgoingFault && error.kind === 'answer too large' };
    }
  }

  return {
    limits,
    deliver: deliverCustom(parts, async (batch, { stopping, ended }) => {
      const url = urlOf(batch);
      if (!(url instanceof URL)) return { outcome: url };
      const call = { id: webhookId(batch.members.map(({ message }) => message.key)), body: toPayload(batch) };
      return attemptSeveral(() => post(url, call, ended), stopping, options);
    }),
    async close() {
      // The connections are the pool's, which outlives its drivers.
    },
  };
}

/** Each campaign has its own receiver: one that is away says nothing of the others. */
function ofOneReceiver({ providerIsDown: _away, ...outcome }: Outcome): Outcome {
  return outcome;
}

function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.slice('whsec_'.length), 'base64');
}

/** Checked when it was configured; what is delivered to is checked again. */
function urlOf({ deliveryUri }: CustomBatch): URL | Outcome {
  try {
    return readWebhookUrl(deliveryUri);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return refused(error.message);
  }
}

function outcomeOf(answer: OutgoingResponse, { clock }: DriverParts): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return accepted(undefined);
  return outcomeOfStatus(answer, `The receiver answered ${status}`, clock.now());
}
