/** ARNs of what Pinpoint streams to (dossier/events-journeys-console §2.1). */
import { badRequest } from '../../../kernel/errors.ts';

export interface StreamArn {
  readonly service: 'kinesis' | 'firehose';
  readonly region: string;
  readonly name: string;
}

const form =
  /^arn:aws[a-z-]*:(?:(kinesis):([a-z0-9-]{1,32}):[0-9]{12}:stream\/([A-Za-z0-9_.-]{1,128})|(firehose):([a-z0-9-]{1,32}):[0-9]{12}:deliverystream\/([A-Za-z0-9_.-]{1,64}))$/;
const roleForm = /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\x21-\x7e]{1,512}$/;

/** Undefined for text that is none. */
export function parseStreamArn(text: string): StreamArn | undefined {
  const [, kinesis, kinesisRegion, kinesisName, , region, name] = form.exec(text) ?? [];
  if (kinesis !== undefined)
    return { service: 'kinesis', region: kinesisRegion as string, name: kinesisName as string };
  return name === undefined ? undefined : { service: 'firehose', region: region as string, name };
}

/** Any account: whoever hosts this streams to whatever account they have. @throws BadRequestException */
export function readStreamArn(text: string, region: string): StreamArn {
  const arn = parseStreamArn(text);
  if (arn === undefined) {
    throw badRequest('DestinationStreamArn must be the ARN of a Kinesis stream or of a Firehose delivery stream');
  }
  if (arn.region !== region) throw badRequest('DestinationStreamArn must name a stream in the Region of the request');
  return arn;
}

/** Stored and shown; the server signs with the credentials of its deployment. @throws BadRequestException */
export function checkRoleArn(text: string): void {
  if (!roleForm.test(text)) throw badRequest('RoleArn must be the ARN of an IAM role');
}
