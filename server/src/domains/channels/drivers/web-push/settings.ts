/** Settings of Web Push: the keys by which push services of browsers know the sender (VAPID, RFC 8292). */
import { createECDH } from 'node:crypto';
import { badRequest } from '../../../../kernel/errors.ts';
import { type Given, requiredText } from '../push-settings.ts';

export interface WebPushSettings {
  /** base64url of the uncompressed point: what the web page subscribes with. */
  readonly VapidPublicKey: string;
  readonly VapidPrivateKey: string;
  /** Whom a push service may write to: mailto: or https:. */
  readonly VapidSubject: string;
}

export function readWebPushSettings(given: Given): WebPushSettings {
  const VapidPublicKey = requiredText(given, 'VapidPublicKey').replace(/=+$/, '');
  const VapidPrivateKey = requiredText(given, 'VapidPrivateKey').replace(/=+$/, '');
  const VapidSubject = requiredText(given, 'VapidSubject');
  if (publicKeyOf(VapidPrivateKey) !== VapidPublicKey) {
    throw badRequest('VapidPublicKey must be the key that belongs to VapidPrivateKey, in base64url.');
  }
  if (!['mailto:', 'https:'].includes(URL.parse(VapidSubject)?.protocol ?? '')) {
    throw badRequest('VapidSubject must be a mailto: or https: URL.');
  }
  return { VapidPublicKey, VapidPrivateKey, VapidSubject };
}

function publicKeyOf(privateKey: string): string {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  } catch {
    throw badRequest('VapidPrivateKey must be a P-256 private key in base64url.');
  }
  return curve.getPublicKey('base64url');
}
