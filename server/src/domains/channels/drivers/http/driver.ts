/** Delivers SMS and voice messages to a gateway that takes one HTTP request for each. */
import type { OutgoingRequest } from '../../../../outgoing/http.ts';
import type { Driver, DriverParts, Outcome } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { deliverEach } from '../delivery/each.ts';
import { outcomeOfFault } from '../delivery/http-outcomes.ts';
import { refused } from '../delivery/outcomes.ts';
import { ofResponse } from './answers.ts';
import type { HttpSettings } from './settings.ts';
import { fillForm, fillJson, type Values, valuesOf } from './template.ts';

const batch = 16;

/** A body that is answered is only read for an id. */
const maximumBytes = 256 * 1024;

type Fill = (values: Values) => OutgoingRequest;

export function openHttpGateway(settings: HttpSettings, { http, clock, logger }: DriverParts): Driver {
  const fill = prepare(settings);
  const together = Math.min(batch, settings.ParallelRequests);
  return {
    tellsReceipts: settings.CallbackSecret !== undefined,
    limits: {
      batch: together,
      concurrency: Math.floor(settings.ParallelRequests / together),
      ...(settings.MessagesPerSecond !== undefined && { messagesPerSecond: settings.MessagesPerSecond }),
    },
    deliver: (messages, report, signal) =>
      deliverEach(messages, {
        ...{ signal, logger, settle: report },
        send: (message, { ended }) => deliverOne(message, ended),
      }),
    async close() {
      // Connections belong to the pool of the process.
    },
  };

  async function deliverOne(message: OutgoingMessage, signal: AbortSignal): Promise<Outcome> {
    const values = valuesOf(message);
    if (values === undefined) return refused('An HTTP gateway carries SMS and voice messages only');
    try {
      const response = await http.request({ ...fill(values), signal });
      return ofResponse(response, settings, message.key, clock.now());
    } catch (error) {
      return outcomeOfFault(error, 'The gateway');
    }
  }
}

/** Templates are parsed once. */
function prepare(settings: HttpSettings): Fill {
  const { Url, Method, Headers, Body, BodyFormat, TimeoutSeconds } = settings;
  const url = new URL(Url);
  const query = url.search === '' ? undefined : new URLSearchParams(url.search);
  url.search = '';
  url.hash = '';
  const fillBody = bodyFiller(Body, BodyFormat);
  const contentType = BodyFormat === 'FORM' ? 'application/x-www-form-urlencoded' : 'application/json';
  const headers = {
    accept: 'application/json',
    ...(Body !== undefined && { 'content-type': contentType }),
    ...Headers,
  };
  return (values) => ({
    method: Method,
    url: query === undefined ? url : `${url.href}?${fillForm(query, values)}`,
    headers,
    timeoutMilliseconds: TimeoutSeconds * 1_000,
    maximumBytes,
    ...(fillBody !== undefined && { body: fillBody(values) }),
  });
}

function bodyFiller(
  body: string | undefined,
  format: HttpSettings['BodyFormat'],
): ((values: Values) => string) | undefined {
  if (body === undefined) return undefined;
  if (format === 'FORM') {
    const form = new URLSearchParams(body);
    return (values) => fillForm(form, values).toString();
  }
  const template: unknown = JSON.parse(body);
  return (values) => JSON.stringify(fillJson(template, values) ?? null);
}
