/** Identities of OpenDSR 2.0 (§5) and whom they are here. What a project cannot be asked for is not in the discovery. */
import type { ErasureIdentity } from '../../../contract/repoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { type NamedIdentity, readIdentities } from '../identities/identity.ts';

/** Devices are endpoints: apps use the id of the device, or of its advertising, as the id of the endpoint. */
const devices = [
  ...['android_advertising_id', 'android_id', 'fire_advertising_id', 'ios_advertising_id', 'ios_vendor_id'],
  ...['microsoft_advertising_id', 'microsoft_publisher_id', 'roku_publisher_id', 'roku_advertising_id'],
];

const standard: Readonly<Record<string, ErasureIdentity['Type']>> = {
  controller_customer_id: 'USER_ID',
  email: 'EMAIL',
  ...Object.fromEntries(devices.map((type) => [type, 'ENDPOINT_ID' as const])),
};

/** The specification has no phone numbers: in the extension of this processor, and where others put them nevertheless. */
const further: Readonly<Record<string, ErasureIdentity['Type']>> = {
  phone: 'PHONE',
  phone_number: 'PHONE',
  endpoint_id: 'ENDPOINT_ID',
  device_token: 'DEVICE_TOKEN',
};

const formats: Readonly<Record<string, NonNullable<ErasureIdentity['Format']>>> = { raw: 'RAW', sha256: 'SHA256' };

export const supportedIdentities = [...Object.keys(standard), ...Object.keys(further)].flatMap((identity_type) =>
  Object.keys(formats).map((identity_format) => ({ identity_type, identity_format })),
);

const mostIdentities = 100;

/** @throws BadRequestException that names a member and no value */
export function readSubject(identities: readonly unknown[]): NamedIdentity[] {
  const read = identities.map((identity, index) => {
    const { identity_type: type, identity_value: Value, identity_format: format } = Object(identity) as Given;
    const member = `subject_identities[${index}]`;
    const Type = typeof type === 'string' ? (standard[type] ?? further[type]) : undefined;
    const Format = typeof format === 'string' ? formats[format] : undefined;
    if (Type === undefined) throw badRequest(`${member}.identity_type is not supported, see the discovery`);
    if (Format === undefined) throw badRequest(`${member}.identity_format is not supported, see the discovery`);
    if (typeof Value !== 'string') throw badRequest(`${member}.identity_value must be a string`);
    return { Type, Value, Format };
  });
  return readIdentities(read, mostIdentities);
}

interface Given {
  readonly identity_type?: unknown;
  readonly identity_value?: unknown;
  readonly identity_format?: unknown;
}
