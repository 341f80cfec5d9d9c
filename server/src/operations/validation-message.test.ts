/** The words for a fault: every rule of the generated validators, and the place as the sender knows it. */
import { describe, expect, it } from 'vitest';
import { operations } from '../contract/operations.ts';
import type { ValidationFault } from '../contract/validators.js';
import { describeFault } from './validation-message.ts';

const wordsFor = (fault: Partial<ValidationFault>, name: keyof typeof operations = 'CreateSegment') =>
  describeFault(operations[name], { instancePath: '', keyword: '', params: {}, ...fault });
const at = (instancePath: string) => wordsFor({ instancePath, keyword: 'type', params: { type: 'string' } });

describe('the place', () => {
  it.each([
    ['/WriteSegmentRequest', 'The request body must be a string'],
    ['/WriteSegmentRequest/Name', 'Name must be a string'],
    ['/WriteSegmentRequest/SegmentGroups/Groups/0/Type', 'SegmentGroups.Groups[0].Type must be a string'],
    ['/WriteSegmentRequest/tags/a~1b~0c.d', 'tags.a/b~c.d must be a string'],
    ['/WriteSegmentRequest/tags/~01', 'tags.~1 must be a string'],
    ['/ApplicationId', 'ApplicationId must be a string'],
  ])('%s: %s', (pointer, message) => expect(at(pointer)).toBe(message));

  it('has the spelling of the parameter for members of the query', () => {
    expect(wordsFor({ instancePath: '/PageSize', keyword: 'type', params: { type: 'string' } }, 'GetSegments')).toBe(
      'page-size must be a string',
    );
  });

  it('is cut, and stays text, when the sender made it long', () => {
    const message = at(`/WriteSegmentRequest/tags/${'k'.repeat(194)}😀${'k'.repeat(1000)}`);
    expect(message.length).toBeLessThan(230);
    expect(message.isWellFormed()).toBe(true);
  });
});

describe('the rule', () => {
  it.each([
    [{ keyword: 'type', params: { type: 'integer' } }, 'must be a whole number'],
    [{ keyword: 'type', params: { type: 'number' } }, 'must be a number'],
    [{ keyword: 'type', params: { type: 'boolean' } }, 'must be true or false'],
    [{ keyword: 'type', params: { type: 'object' } }, 'must be an object'],
    [{ keyword: 'type', params: { type: 'array' } }, 'must be a list'],
    [{ keyword: 'enum', params: { allowedValues: ['A', 'B'] } }, 'must be one of A, B'],
    [{ keyword: 'minimum', params: { limit: -5 } }, 'must be at least -5'],
    [{ keyword: 'maximum', params: { limit: 5 } }, 'must be at most 5'],
    [{ keyword: 'minLength', params: { limit: 1 } }, 'must have at least 1 character'],
    [{ keyword: 'minLength', params: { limit: 2 } }, 'must have at least 2 characters'],
    [{ keyword: 'maxLength', params: { limit: 64 } }, 'must have at most 64 characters'],
    [{ keyword: 'maxItems', params: { limit: 50 } }, 'must have at most 50 elements'],
    [{ keyword: 'pattern', params: { pattern: '^x$' } }, 'must have the documented form'],
    [{ keyword: 'somethingNew', params: {} }, 'must be valid'],
  ])('%j: %s', (fault, words) => {
    expect(wordsFor({ instancePath: '/WriteSegmentRequest/Name', ...fault })).toBe(`Name ${words}`);
  });

  it('of a missing member is that it is required', () => {
    const fault = { keyword: 'required', params: { missingProperty: 'Name' } };
    expect(wordsFor({ ...fault, instancePath: '/WriteSegmentRequest' })).toBe('Name is required');
    expect(wordsFor({ ...fault, params: { missingProperty: 'WriteSegmentRequest' } })).toBe(
      'The request body is required',
    );
    expect(wordsFor({ ...fault, params: { missingProperty: 'TagKeys' } }, 'UntagResource')).toBe('tagKeys is required');
  });

  it('may be broken by the key of a map', () => {
    const fault = { keyword: 'enum', params: { allowedValues: ['MONDAY'] }, propertyName: 'SOMEDAY' };
    expect(wordsFor({ ...fault, instancePath: '/WriteJourneyRequest/OpenHours/EMAIL' }, 'CreateJourney')).toBe(
      'A key of OpenHours.EMAIL must be one of MONDAY',
    );
  });

  it('is not known when the validator names no fault', () => {
    expect(describeFault(operations.CreateSegment, undefined)).toBe('The request is not valid');
  });
});
