/**
 * Makes people that look like people, from a seed: names in many scripts, phone numbers valid for their country, skewed
 * attributes, several endpoints a user. The same seed makes the same people.
 */
import { type Country, countries } from './names.ts';

/** A line of an import file. */
export interface GeneratedEndpoint {
  readonly Id: string;
  readonly ChannelType: string;
  readonly Address: string;
  readonly OptOut: 'ALL' | 'NONE';
  readonly EffectiveDate: string;
  readonly Attributes: Readonly<Record<string, readonly string[]>>;
  readonly Metrics: Readonly<Record<string, number>>;
  readonly Demographic: Readonly<Record<string, string>>;
  readonly Location: {
    readonly Country: string;
    readonly City: string;
    readonly Latitude: number;
    readonly Longitude: number;
  };
  readonly User: { readonly UserId: string; readonly UserAttributes: Readonly<Record<string, readonly string[]>> };
}

export interface PeopleOptions {
  readonly endpoints: number;
  readonly seed?: number;
  /** People were last seen within the 60 days before. */
  readonly now?: Date;
}

const plans = ['free', 'free', 'free', 'free', 'free', 'basic', 'basic', 'gold', 'gold', 'platinum'];
const topics = ['news', 'sport', 'music', 'travel', 'food', 'science', 'fashion', 'games', 'garden', 'cars'];
const platforms = ['ios', 'ios', 'android', 'android', 'android', 'web'];

export function* generatePeople({
  endpoints,
  seed = 1,
  now = new Date(),
}: PeopleOptions): Generator<GeneratedEndpoint> {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  let made = 0;
  for (let person = 0; made < endpoints; person += 1) {
    const country = pickCountry(random());
    const one = makePerson(person, country, { random, pick });
    // Most have one endpoint, some two or three.
    const ways = random() < 0.7 ? 1 : random() < 0.8 ? 2 : 3;
    for (let way = 0; way < ways && made < endpoints; way += 1, made += 1) {
      yield makeEndpoint(one, way, { random, pick, now });
    }
  }
}

interface Drawing {
  readonly random: () => number;
  pick<Item>(items: readonly Item[]): Item;
}

interface Person {
  readonly number: number;
  readonly country: Country;
  readonly city: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly plan: string;
  readonly since: string;
}

function makePerson(number: number, country: Country, { random, pick }: Drawing): Person {
  const since = new Date(Date.UTC(2019, 0, 1) + Math.floor(random() * 2_500) * 86_400_000);
  return {
    ...{ number, country, city: pick(country.cities), firstName: pick(country.firstNames) },
    lastName: pick(country.lastNames),
    plan: pick(plans),
    since: since.toISOString().slice(0, 10),
  };
}

function makeEndpoint(person: Person, way: number, drawing: Drawing & { readonly now: Date }): GeneratedEndpoint {
  const { random, pick, now } = drawing;
  const { country, number } = person;
  const channel = way === 0 ? 'EMAIL' : way === 1 ? 'SMS' : pick(['APNS', 'GCM']);
  const [latitude, longitude] = country.coordinates;
  // Half were here within four days, the rest trails off over two months.
  const idle = random() ** 4 * 60 * 86_400_000;
  return {
    Id: `${channel.toLowerCase()}-${number.toString(36).padStart(6, '0')}-${way}`,
    ChannelType: channel,
    Address: addressOf(channel, person, random),
    OptOut: random() < 0.05 ? 'ALL' : 'NONE',
    EffectiveDate: new Date(now.getTime() - idle).toISOString(),
    Attributes: {
      plan: [person.plan],
      topics: topics.filter(() => random() < 0.15),
      since: [person.since],
      // One in a thousand.
      ...(random() < 0.001 && { beta: ['yes'] }),
    },
    Metrics: { cart_items: Math.floor(random() ** 3 * 12), lifetime_value: Math.round(random() ** 4 * 500_000) / 100 },
    Demographic: {
      Platform: pick(platforms),
      AppVersion: `${1 + Math.floor(random() * 4)}.${Math.floor(random() * 10)}`,
      Locale: country.locale,
      Timezone: country.timezone,
    },
    Location: {
      Country: country.code,
      City: person.city,
      Latitude: round(latitude + (random() - 0.5) * 6),
      Longitude: round(longitude + (random() - 0.5) * 6),
    },
    User: {
      UserId: `user-${number.toString(36).padStart(6, '0')}`,
      UserAttributes: { FirstName: [person.firstName], LastName: [person.lastName] },
    },
  };
}

function addressOf(channel: string, { number, country, lastName }: Person, random: () => number): string {
  if (channel === 'EMAIL') {
    const plain = lastName
      .normalize('NFD')
      .replaceAll(/[^A-Za-z]/g, '')
      .toLowerCase();
    return `${plain === '' ? 'person' : plain}.${number.toString(36)}@example.com`;
  }
  if (channel === 'SMS') {
    const { prefix, digits } = country.mobile;
    // The number makes it unique; its last digits are spread, as real ones are.
    return prefix + String((number * 7_919 + 2_000_000) % 10 ** digits).padStart(digits, '2');
  }
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');
}

function pickCountry(draw: number): Country {
  let left = draw * 100;
  for (const country of countries) {
    left -= country.weight;
    if (left < 0) return country;
  }
  return countries[0] as Country;
}

const round = (degrees: number) => Math.round(degrees * 10_000) / 10_000;

/** mulberry32: small, quick, good enough to draw people with; the same numbers for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
