/** PhoneNumberValidate through the real SDK, and with the trailing slash of the guide (dossier/messaging §7, case 67). */
import { PhoneNumberValidateCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();

async function validate(PhoneNumber?: string, IsoCountryCode?: string) {
  const { NumberValidateResponse, $metadata } = await client.send(
    new PhoneNumberValidateCommand({ NumberValidateRequest: { PhoneNumber, IsoCountryCode } }),
  );
  expect($metadata.httpStatusCode).toBe(200);
  return NumberValidateResponse;
}

describe('types', () => {
  it.each([
    ['+4915112345678', 'MOBILE', 0],
    ['+447400123456', 'MOBILE', 0],
    ['+12068675309', 'MOBILE', 0],
    ['+493012345678', 'LANDLINE', 1],
    ['+815012345678', 'VOIP', 2],
    ['+18002223333', 'OTHER', 4],
    ['+80012345678', 'OTHER', 4],
    ['+12065550142', 'OTHER', 4],
    ['+18005550199', 'OTHER', 4],
    ['+19992001234', 'OTHER', 4],
    ['+12061234567', 'INVALID', 3],
    ['+1206', 'INVALID', 3],
    ['+49151', 'INVALID', 3],
    ['not a number', 'INVALID', 3],
  ])('%s is %s', async (number, PhoneType, PhoneTypeCode) => {
    expect(await validate(number)).toMatchObject({ PhoneType, PhoneTypeCode, OriginalPhoneNumber: number });
  });
});

describe('answers', () => {
  it('a number with everything that is known of it', async () => {
    expect(await validate('+49 (151) 1234-5678', 'DE')).toEqual({
      CleansedPhoneNumberE164: '+4915112345678',
      CleansedPhoneNumberNational: '15112345678',
      Country: 'Germany',
      CountryCodeIso2: 'DE',
      CountryCodeNumeric: '49',
      OriginalCountryCodeIso2: 'DE',
      OriginalPhoneNumber: '+49 (151) 1234-5678',
      PhoneType: 'MOBILE',
      PhoneTypeCode: 0,
      Timezone: 'Europe/Berlin',
    });
  });
  it('a country of several time zones has none', async () => {
    expect(await validate('+12068675309')).not.toHaveProperty('Timezone');
  });
  it.each([
    ['12068675309', undefined],
    ['2068675309', 'US'],
    ['(206) 867-5309', 'us'],
    ['12068675309', 'US'],
    ['12068675309', 'DE'],
    ['+12068675309', 'DE'],
    ['12068675309', 'XX'],
  ])('%s of %s', async (number, country) => {
    expect(await validate(number, country)).toMatchObject({
      CleansedPhoneNumberE164: '+12068675309',
      CleansedPhoneNumberNational: '2068675309',
      CountryCodeIso2: 'US',
      PhoneType: 'MOBILE',
    });
  });
  it('an invalid number is answered 200 and carries nothing of a carrier (67)', async () => {
    const answer = await validate('+49151');
    expect(answer).toMatchObject({ PhoneType: 'INVALID', PhoneTypeCode: 3 });
    for (const member of ['Carrier', 'City', 'County', 'ZipCode', 'Timezone'])
      expect(answer).not.toHaveProperty(member);
    expect(await validate('nobody', 'US')).toEqual({
      OriginalPhoneNumber: 'nobody',
      OriginalCountryCodeIso2: 'US',
      PhoneType: 'INVALID',
      PhoneTypeCode: 3,
    });
  });
  it.each([undefined, '', '  '])('without a number: %j', async (number) => {
    await expect(validate(number, 'US')).rejects.toMatchObject({ name: 'BadRequestException' });
  });
  it.each(['USA', '', '12'])('a country code of another form: %j', async (country) => {
    await expect(validate('+12068675309', country)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining('IsoCountryCode'),
    });
  });
});

it.each(['/v1/phone/number/validate', '/v1/phone/number/validate/'])('%s', async (path) => {
  const answer = await callApi(server, `POST ${path}`, {
    service: 'mobiletargeting',
    body: { PhoneNumber: '+4915112345678' },
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ PhoneType: 'MOBILE' });
});
