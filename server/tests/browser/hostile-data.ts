/** Data as an enemy would send it: every field a script, words from right to left. Nothing of it may ever run. */
import {
  CreateEmailTemplateCommand,
  CreateSegmentCommand,
  type EndpointRequest,
  type PinpointClient,
  PutEventsCommand,
  SendMessagesCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';

/** Whoever runs it leaves a mark in the page. */
const mark = 'window.__ran=(window.__ran||0)+1';
const script = `"><img src=x onerror="${mark}"><script>${mark}</script>`;
const rightToLeft = '\u202Eمحمد\u202C <svg/onload=x>';

export const hostileHtml = `<html><head><base href="https://evil.example"><link rel="stylesheet" href="https://evil.example/x.css">
<style>@import url(https://evil.example/y.css); .big { color: rgb(1, 2, 3); background: url(https://evil.example/z.png) }</style></head>
<body style="background: rgb(250, 240, 230)" onload="${mark}">
<h1 class="big" style="font-size: 40px">Offer</h1><script>${mark}</script><img src="https://evil.example/pixel.gif" onerror="${mark}">
<a href="javascript:${mark}" onclick="${mark}">here</a><iframe srcdoc="<script>parent.${mark}</script>"></iframe>
<form action="https://evil.example"><input autofocus onfocus="${mark}"></form><svg onload="${mark}"></svg>
<p>Price 3 < 4 and style="kept as text"</p><math href="javascript:${mark}">x</math><details open ontoggle="${mark}">y</details></body></html>`;

export const hostileId = 'enemy';
export const hostileSegment = `Segment ${script}`;

export async function writeHostileData(client: PinpointClient, ApplicationId: string): Promise<void> {
  const EndpointRequest: EndpointRequest = {
    ...{ ChannelType: 'EMAIL', Address: 'enemy@example.com' },
    Attributes: { [`n${script}`.slice(0, 50)]: [script.slice(0, 100)], name: [rightToLeft] },
    Metrics: { __proto__x: 1 },
    Demographic: { Make: script, Model: rightToLeft, Platform: script, AppVersion: script, Locale: script },
    Location: { City: rightToLeft, Region: script, PostalCode: script },
    User: { UserId: script, UserAttributes: { [rightToLeft]: [rightToLeft] } },
  };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: hostileId, EndpointRequest }));
  await client.send(
    new PutEventsCommand({
      ApplicationId,
      EventsRequest: {
        BatchItem: {
          [hostileId]: {
            Endpoint: {},
            Events: {
              e: { EventType: script.slice(0, 50), Timestamp: new Date().toISOString(), Attributes: { a: script } },
            },
          },
        },
      },
    }),
  );
  await client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: hostileSegment.slice(0, 120) } }),
  );
  const EmailTemplateRequest = {
    Subject: script,
    HtmlPart: hostileHtml,
    TextPart: script,
    TemplateDescription: script,
  };
  await client.send(new CreateEmailTemplateCommand({ TemplateName: 'hostile', EmailTemplateRequest }));
  await client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: {
        Endpoints: { [hostileId]: {} },
        MessageConfiguration: {
          EmailMessage: {
            FromAddress: 'shop@example.com',
            SimpleEmail: { Subject: { Data: script }, HtmlPart: { Data: hostileHtml }, TextPart: { Data: script } },
          },
        },
      },
    }),
  );
}
