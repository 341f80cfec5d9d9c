/** The Pinpoint API: the AWS SDK's own client, pointed at this server and signed with the session's credentials. */
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import type { Session } from './session.ts';

export function createPinpointClient(session: Session, region: string): PinpointClient {
  return new PinpointClient({
    endpoint: window.location.origin,
    region,
    credentials: {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      sessionToken: session.SessionToken,
      expiration: new Date(session.Expiration),
    },
  });
}
