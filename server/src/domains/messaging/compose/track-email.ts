/**
 * What tracking and one-click unsubscribing add to a mail. Nothing, unless the deployment has a public URL and the
 * project switched it on: then the HTML leaves byte for byte as it was rendered.
 */
import type { EmailContent, MessageContent } from '../../channels/index.ts';
import type { MessagingSettings } from '../settings/settings.ts';
import type { LinkedSend, TrackingLinks } from '../tracking/links.ts';
import { trackHtml } from '../tracking/rewrite.ts';

export function trackEmail(
  content: MessageContent,
  send: LinkedSend,
  settings: MessagingSettings,
  links: TrackingLinks | undefined,
): MessageContent {
  if (content.kind !== 'email' || links === undefined) return content;
  return withUnsubscribe(withTracking(content, send, settings, links), send, settings, links);
}

function withTracking(
  content: EmailContent,
  send: LinkedSend,
  { clickTracking, openTracking }: MessagingSettings,
  links: TrackingLinks,
): EmailContent {
  if (content.html === undefined || !(clickTracking || openTracking)) return content;
  const html = trackHtml(content.html, {
    ...(clickTracking && { linkTo: (url, tag) => links.make('click', send, url, tag) }),
    ...(openTracking && { pixel: links.make('open', send) }),
  });
  return { ...content, html };
}

/** RFC 8058. A message that brings such a header of its own keeps it. */
function withUnsubscribe(
  content: EmailContent,
  send: LinkedSend,
  { unsubscribeLinks }: MessagingSettings,
  links: TrackingLinks,
): EmailContent {
  const hasOwn = content.headers.some(({ name }) => name.toLowerCase() === 'list-unsubscribe');
  if (!unsubscribeLinks || hasOwn) return content;
  return {
    ...content,
    headers: [
      ...content.headers,
      { name: 'List-Unsubscribe', value: `<${links.make('unsubscribe', send)}>` },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    ],
  };
}
