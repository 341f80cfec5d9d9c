/** Links of messages as anybody may follow them, and the page behind an unsubscribe link (dossier/messaging §12). */
import type { PublicAnswer, PublicRequest, PublicRoute } from '../../../operations/public-route.ts';
import { type Link, type LinkKind, linkPaths, type TrackingLinks, toLocation } from './links.ts';
import { type PreferencePage, preferencePage } from './page.ts';
import { changeSubscription, findSender, recordVisit, type VisitParts } from './visits.ts';

/** Transparent, one by one. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export function trackingRoutes(links: TrackingLinks, parts: VisitParts): PublicRoute[] {
  const read = (kind: LinkKind, { rest }: PublicRequest) => links.read(kind, rest);

  const click: PublicRoute = {
    prefix: linkPaths.click,
    methods: ['GET', 'HEAD'],
    async answer(request) {
      const link = read('click', request);
      if (link === undefined) return { status: 404 };
      // Scanners of mail servers ask with HEAD whether a link is there.
      if (request.method === 'GET') await note(parts, link, request);
      return { status: 302, headers: { location: toLocation(link.url) } };
    },
  };

  const open: PublicRoute = {
    prefix: linkPaths.open,
    methods: ['GET', 'HEAD'],
    async answer(request) {
      const link = read('open', request);
      if (link !== undefined && request.method === 'GET') await note(parts, link, request);
      return { status: 200, headers: { 'content-type': 'image/gif' }, body: pixel };
    },
  };

  const unsubscribe: PublicRoute = {
    prefix: linkPaths.unsubscribe,
    methods: ['GET', 'HEAD', 'POST'],
    async answer(request) {
      const link = read('unsubscribe', request);
      const send = link && (await findSender(parts, link));
      if (link === undefined || send === undefined) return page('unknown', '', 404);
      const sender = send.detail.email?.from ?? '';
      if (request.method !== 'POST') return page('ask', sender);
      const receives = readChoice(request) === 'subscribe';
      await changeSubscription(parts, send, receives);
      if (!receives) await note(parts, withUrl(link), request);
      return page(receives ? 'subscribed' : 'unsubscribed', sender);
    },
  };
  return [click, open, unsubscribe];
}

/** Readers are led on though their visit cannot be written down: it is we who want to know of it. */
async function note(parts: VisitParts, link: Link, request: PublicRequest): Promise<void> {
  try {
    await recordVisit(parts, link, visitorOf(request));
  } catch (error) {
    parts.logger.error({ kind: link.kind, err: error }, 'a visit could not be written down');
  }
}

function visitorOf({ sourceAddress, headers }: PublicRequest) {
  return { ipAddress: sourceAddress, userAgent: headers['user-agent']?.slice(0, 500) };
}

/** A mail program sends `List-Unsubscribe=One-Click` (RFC 8058), the page one of its buttons. */
function readChoice({ body }: PublicRequest): 'subscribe' | 'unsubscribe' {
  return new URLSearchParams(body.toString('utf8')).get('choice') === 'subscribe' ? 'subscribe' : 'unsubscribe';
}

/** The event of it names the header by which it came. */
function withUrl(link: Link): Link {
  return { ...link, url: 'List-Unsubscribe' };
}

function page(name: PreferencePage, sender: string, status = 200): PublicAnswer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: preferencePage(name, sender) };
}
