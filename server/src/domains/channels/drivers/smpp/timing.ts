/** Times of the protocol that no setting names, in one place so that tests can be quick. */
export interface SmppTiming {
  /** Until a connection stands, and again until it is bound. */
  readonly connectMilliseconds: number;
  /** Between two attempts; doubled up to the longest. */
  readonly firstPauseMilliseconds: number;
  readonly longestPauseMilliseconds: number;
  /** How long answers are awaited once the process stops. */
  readonly stopMilliseconds: number;
  /** Between attempts of a part of a message whose first part was accepted. */
  readonly partRetryMilliseconds: readonly number[];
  /** How long a part waits for the others without being acknowledged. */
  readonly partHoldMilliseconds: number;
  /** After it, an inbound message is told with the parts that came. */
  readonly partLifeMilliseconds: number;
}

export const usualTiming: SmppTiming = {
  connectMilliseconds: 10_000,
  firstPauseMilliseconds: 1_000,
  longestPauseMilliseconds: 60_000,
  stopMilliseconds: 5_000,
  partRetryMilliseconds: [250, 1_000, 3_000],
  partHoldMilliseconds: 2_000,
  partLifeMilliseconds: 600_000,
};
