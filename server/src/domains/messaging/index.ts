/** What others may use of messaging. */
export { phoneNumberOperations } from './phone-numbers/operations.ts';
