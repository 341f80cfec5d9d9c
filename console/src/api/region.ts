/** The region the console looks at. A region is a name that keeps projects apart; it is remembered in this browser. */

/** The regions Pinpoint had, so that moved projects keep theirs. */
export const regions = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'us-gov-west-1',
  'ca-central-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
] as const;

const storageKey = 'repoint.region';
const defaultRegion = 'us-east-1';

export function rememberedRegion(): string {
  const stored = localStorage.getItem(storageKey);
  return stored !== null && /^[a-z0-9-]{1,64}$/.test(stored) ? stored : defaultRegion;
}

export function rememberRegion(region: string): void {
  localStorage.setItem(storageKey, region);
}
