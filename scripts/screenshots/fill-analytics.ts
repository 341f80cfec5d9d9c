/** A month of made-up events, a funnel over them, and a stream of them: something to see in analytics. */
import { type PinpointClient, PutEventsCommand } from '@aws-sdk/client-pinpoint';

type Api = (call: string, body?: unknown) => Promise<ReturnType<typeof JSON.parse>>;

const dayMilliseconds = 24 * 3600 * 1000;
const days = 30;
const sources = ['newsletter', 'search', 'ad', 'friend'];

/** @returns the id of the funnel */
export async function fillAnalytics(client: PinpointClient, ApplicationId: string, api: Api): Promise<string> {
  for (let day = days - 1; day >= 0; day -= 1) {
    const BatchItem = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => index)
        .filter((index) => (index * 7 + day * 3) % 11 < 4 + (day % 3))
        .map((index) => [`person-${index}`, itemOf(index, day)]),
    );
    await client.send(new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem } }));
  }
  const app = `/repoint/v1/apps/${ApplicationId}`;
  await api(`PUT ${app}/event-stream-destination`, { Files: { Url: 's3://repoint-events/stream', Seconds: 60 } });
  const step = (Name: string, EventType: string) => ({ Name, Filter: { EventType } });
  const Steps = [step('Opened the app', '_session.start'), step('Looked at gloves', 'product.view')];
  const { Id } = await api(`POST ${app}/funnels`, {
    ...{ Name: 'From a look to a purchase', WindowSeconds: 2 * 24 * 3600, BreakdownBy: 'source' },
    Steps: [...Steps, step('Put into the cart', 'cart.add'), step('Bought', '_monetization.purchase')],
  });
  return Id;
}

/** Fewer and fewer get from one step to the next. */
function itemOf(index: number, day: number) {
  const begin = Date.now() - day * dayMilliseconds - ((index * 37) % 600) * 60_000;
  const at = (minutes: number) => new Date(begin + minutes * 60_000).toISOString();
  const Session = { Id: `s-${index}-${day}`, StartTimestamp: at(0) };
  const Attributes = { source: sources[(index + day) % sources.length] as string };
  const event = (EventType: string, minutes: number, further: object = {}) => ({
    ...{ EventType, Timestamp: at(minutes), Session, Attributes, ...further },
  });
  const further = index % 10;
  const Events = {
    start: event('_session.start', 0),
    ...(day % 6 === 0 && { in: event('_userauth.sign_in', 1) }),
    ...(further > 1 && { view: event('product.view', 2, { Metrics: { price: 10 + index } }) }),
    ...(further > 4 && { cart: event('cart.add', 5, { Metrics: { price: 10 + index } }) }),
    ...(further > 7 && {
      buy: event('_monetization.purchase', 9, {
        Attributes: { ...Attributes, _currency: 'USD', _product_id: 'GLV-9' },
        Metrics: { _item_price: 10 + index, _quantity: 1 },
      }),
    }),
  };
  const Demographic = {
    ...{ Platform: index % 2 ? 'iOS' : 'Android', AppVersion: `2.${index % 4}`, Timezone: 'Europe/Lisbon' },
    ...{ Make: index % 2 ? 'Apple' : 'Samsung', Model: `Model ${index % 12}` },
  };
  return { Endpoint: { Demographic, Attributes: {} }, Events };
}
