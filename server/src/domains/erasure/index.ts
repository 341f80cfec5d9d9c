/** Erasure: what other rooms may use. */
export { forgetEverywhere } from './engine/forget.ts';
