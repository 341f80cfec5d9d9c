/** The table of kinds against the contract: names of operations, bodies and ARNs must be those of the API. */
import { describe, expect, it } from 'vitest';
import { operations } from '../../contract/operations.ts';
import { findTemplateType, templateKinds, templateTypes } from './kinds.ts';

describe.each(templateTypes)('%s', (type) => {
  const { operation, body, ...kind } = templateKinds[type];

  it('is known under its own name', () => expect(kind.type).toBe(type));

  it.each(['Create', 'Get', 'Update', 'Delete'])('%s is an operation of the contract, about its ARN', (verb) => {
    const definition = Object.values(operations).find(({ name }) => name === `${verb}${operation}Template`);
    expect(definition).toMatchObject({ resource: `templates/{template-name}/${type}` });
    const payload = definition && 'payload' in definition ? definition.payload?.member : undefined;
    expect(payload).toBe(['Create', 'Update'].includes(verb) ? body : undefined);
  });
});

it('covers every operation of the contract that is about one kind of template', () => {
  const ofKinds = templateTypes.flatMap((type) =>
    ['Create', 'Get', 'Update', 'Delete'].map((verb) => `${verb}${templateKinds[type].operation}Template`),
  );
  const ofContract = Object.keys(operations).filter((name) => /^(Create|Get|Update|Delete)\w+Template$/.test(name));
  expect(ofKinds.sort()).toEqual(ofContract.sort());
});

it.each([
  ['EMAIL', 'EMAIL'],
  ['inApp', 'INAPP'],
  ['sms', 'SMS'],
  ['FAX', undefined],
  ['', undefined],
])('the type %s is %s', (text, type) => expect(findTemplateType(text)).toBe(type));
