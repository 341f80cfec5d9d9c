/** What an administrator may set for SMPP, and what of it is shown. */
import { describe, expect, it } from 'vitest';
import { smppDriver } from './index.ts';

const least = { Host: 'smsc.example.com', SystemId: 'repoint' };

describe('settings', () => {
  it('have defaults', () => {
    expect(smppDriver.readSettings(least)).toMatchObject({
      ...{ Port: 2775, Tls: false, BindMode: 'TRANSCEIVER', Window: 50, EnquireLinkSeconds: 30, LongMessages: 'UDH' },
      ...{ AnswerTimeoutSeconds: 30, Gsm7DataCoding: 0, ReceiptIds: 'SAME', Password: '', SystemType: '' },
    });
    expect(smppDriver.readSettings({ ...least, Tls: true }).Port).toBe(3550);
  });
  it('are read from what they were shown as', () => {
    const settings = smppDriver.readSettings({ ...least, Password: 'secret', Window: 10, SourceAddress: 'Shop' });
    const shown = JSON.parse(JSON.stringify(smppDriver.show(settings)));
    expect(shown).not.toHaveProperty('Password');
    expect(smppDriver.readSettings({ ...shown, Password: 'secret' })).toEqual(settings);
  });
  it.each([
    ['Host', undefined],
    ['Host', ''],
    ['Host', 'http://smsc'],
    ['Host', 'two words'],
    ['Host', 7],
    ['SystemId', undefined],
    ['SystemId', 'nul\0'],
    ['Password', 'ä'],
    ['Password', 12],
    ['SystemType', 'x'.repeat(13)],
    ['Port', 0],
    ['Port', 70_000],
    ['Port', '2775'],
    ['Tls', 'yes'],
    ['CertificateAuthority', 'no PEM'],
    ['BindMode', 'SILENT'],
    ['Window', 0],
    ['Window', 1.5],
    ['EnquireLinkSeconds', 0],
    ['AnswerTimeoutSeconds', Number.NaN],
    ['LongMessages', 'SAR'],
    ['ServiceType', 'TOOLONG'],
    ['SourceAddress', 'two words'],
    ['Gsm7DataCoding', 256],
    ['ReceiptIds', 'OCTAL'],
    ['MessagesPerSecond', 0],
    ['Colour', 'red'],
  ])('%s: %j is refused, and not quoted', (name, value) => {
    const read = () => smppDriver.readSettings({ ...least, [name]: value });
    expect(read).toThrow(
      expect.objectContaining({ name: 'BadRequestException', message: expect.stringContaining(name) }),
    );
    if (typeof value === 'string' && value !== '') expect(read).not.toThrow(value);
  });
});
