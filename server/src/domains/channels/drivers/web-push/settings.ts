/** Settings of Web Push: the keys by which push services of browsers know the sender (VAPID, RFC 8292). */
import { createECDH } from 'node:crypto';
import { badRequest } from '../../../../kernel/errors.ts';
import { type GivenSettings, settingsReader } from '../../settings-reader.ts';

export interface WebPushSettings {
  /** base64url of the uncompressed point: what the web page subscribes with. */
  readonly VapidPublicKey: string;
  readonly VapidPrivateKey: string;
  /** Whom a push service may write to: mailto: or https:. */
  readonly VapidSubject: string;
}

export function readWebPushSettings(given: GivenSettings): WebPushSettings {
  const read = settingsReader(given, undefined, { trims: true });
  const VapidPublicKey = read.requiredText('VapidPublicKey').replace(/=+$/, '');
  const VapidPrivateKey = read.requiredText('VapidPrivateKey').replace(/=+$/, '');
  const VapidSubject = read.requiredText('VapidSubject');
  if (publicKeyOf(VapidPrivateKey) !== VapidPublicKey) {
    throw badRequest('VapidPublicKey must be the key that belongs to VapidPrivateKey, in base64url');
  }
  if (!['mailto:', 'https:'].includes(URL.parse(VapidSubject)?.protocol ?? '')) {
    throw badRequest('VapidSubject must be a mailto: or https: URL');
  }
  return { VapidPublicKey, VapidPrivateKey, VapidSubject };
}

function publicKeyOf(privateKey: string): string {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  } catch {
    throw badRequest('VapidPrivateKey must be a P-256 private key in base64url');
  }
  return curve.getPublicKey('base64url');
}
