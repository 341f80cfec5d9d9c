/** The generated table of operations against the model itself. */
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/contract/operations.ts';
import { validators } from '../../src/contract/validators.js';
import { allOperations, pinpointOperations } from './model.ts';

describe('the table of operations', () => {
  it('has all 122 of Pinpoint, ours, and no others', () => {
    expect(pinpointOperations).toHaveLength(122);
    const names = allOperations.map(({ name }) => name).sort();
    expect(Object.keys(operations).sort()).toEqual(names);
    expect(Object.keys(validators).sort()).toEqual(names);
  });

  it.each(allOperations.map((operation) => [operation.name, operation] as const))(
    '%s is as its model has it',
    (name, model) => {
      const definition = operations[name];
      expect(definition).toMatchObject({ name, method: model.method, path: model.path, successStatus: model.status });
      expect(definition.labels).toEqual(model.labels.map((label) => ({ label: label.name, member: label.member })));
      expect(definition.query.map(({ parameter, member }) => ({ parameter, member }))).toEqual(
        model.query.map((parameter) => ({ parameter: parameter.name, member: parameter.member })),
      );
      expect(definition.payload).toEqual(model.body && { member: model.body.member, required: model.body.required });
    },
  );

  it('has no two operations at one place', () => {
    const places = Object.values(operations).map(({ method, path }) => `${method} ${path.replace(/\{[^}]+\}/g, '{}')}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
