/** Parts of a request that are answered item by item: each is read by itself, and its fault is its own. */
import { type Items, itemValidators } from '../contract/validators.js';
import { badRequest, type ServiceError } from '../kernel/errors.ts';
import { describeItemFault } from './validation-message.ts';

/** Stands in a request where an item was that could not even be read: its text could not be stored, say. */
export class UnreadableItem {
  readonly fault: ServiceError;

  constructor(fault: ServiceError) {
    this.fault = fault;
  }
}

/**
 * Members that the shape does not know are dropped from the value itself.
 * @param called what a fault of the item as a whole calls it: `Endpoint is required`
 * @throws BadRequestException whose message names the place within the item
 */
export function readItem<Name extends keyof Items>(name: Name, value: unknown, called: string): Items[Name] {
  if (value === undefined) throw badRequest(`${called} is required`);
  if (value instanceof UnreadableItem) throw value.fault;
  const validate = itemValidators[name];
  if (!validate(value)) throw badRequest(describeItemFault(called, validate.errors?.[0]));
  return value as Items[Name];
}
