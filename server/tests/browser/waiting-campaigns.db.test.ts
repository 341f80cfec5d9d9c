/**
 * Campaigns that wait, in a real browser: one for events, whose message leaves when one comes; and an in-app message, from
 * its editor with the likeness beside it to what an app gets. axe looks at each page.
 */
import {
  CreateAppCommand,
  CreateSegmentCommand,
  CreateSmsTemplateCommand,
  GetInAppMessagesCommand,
  PutEventsCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { asOneStory, eventually, openConsole } from './console-page.ts';

const shown = await openConsole();
const { client, page, button, heading, main, row, visit, choose, lookForBarriers } = shown;

let ApplicationId: string;
let project: string;

beforeAll(async () => {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'Spring shop' } }));
  ApplicationId = app.ApplicationResponse?.Id as string;
  project = `/projects/${ApplicationId}`;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'Everybody' } }));
  const SMSTemplateRequest = { Body: 'You left something, {{User.UserId}}' };
  await client.send(new CreateSmsTemplateCommand({ TemplateName: 'left', SMSTemplateRequest }));
  const phone = { ChannelType: 'SMS' as const, Address: '+351912345678', User: { UserId: 'ana' } };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'phone', EndpointRequest: phone }));
  const inApp = { ChannelType: 'IN_APP' as const, Address: 'app', User: { UserId: 'ana' } };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'app', EndpointRequest: inApp }));
  await put({ sku: 'HAT-1' }, 1);
});

async function put(Attributes: Record<string, string>, price: number): Promise<void> {
  const event = { EventType: 'cart.left', Timestamp: new Date().toISOString(), Attributes, Metrics: { price } };
  await client.send(
    new PutEventsCommand({
      ApplicationId,
      EventsRequest: { BatchItem: { phone: { Endpoint: {}, Events: { e: event } } } },
    }),
  );
}

/** A value typed where values in use are offered. */
async function addValue(label: string, value: string): Promise<void> {
  const field = page.getByRole('combobox', { name: label });
  await field.fill(value);
  await field.press('Enter');
}

const nextYear = `${new Date().getFullYear() + 1}/01/31`;
const fillDay = (label: string, day: string) => page.getByLabel(label, { exact: true }).fill(day);

describe('campaigns that wait', { timeout: 60_000 }, () => {
  asOneStory();

  it('are asked about the event, its attributes and metrics, whose names are offered', async () => {
    await shown.signIn(`${project}/campaigns/new`);
    await page.getByLabel('Name of the campaign', { exact: true }).fill('Left in the cart');
    await choose('Segment', 'Everybody');
    await page.getByRole('radio', { name: 'SMS' }).check({ force: true });
    await choose('Message A', 'left');
    await page.getByRole('radio', { name: /^When an event occurs/ }).check({ force: true });
    await page.getByRole('combobox', { name: 'Type of event' }).click();
    await page.getByRole('option', { name: 'cart.left' }).click();
    await button('Remove cart.left').waitFor();
    await button('Add attribute of the event').click();
    await page.getByRole('combobox', { name: 'Attribute of the event' }).fill('sku');
    await choose('Comparison of the attribute', 'contains');
    await addValue('Values of the attribute', 'GLV');
    await button('Add metric of the event').click();
    await page.getByRole('combobox', { name: 'Metric of the event' }).fill('price');
    await page.getByLabel('Value of the metric').fill('many');
    expect(await button('Launch campaign').isDisabled()).toBe(true);
    await page.getByLabel('Value of the metric').fill('10');
    await fillDay('To day', nextYear);
    await button('Limits').click();
    await page.getByLabel('Messages to one endpoint in a day').fill('101');
    await page.getByText('A whole number from 0 to 100.', { exact: true }).waitFor();
    await page.getByLabel('Messages to one endpoint in a day').fill('1');
    await lookForBarriers();
    await button('Launch campaign').click();
    await page.getByText('cart.left with sku contains GLV, price ≥ 10', { exact: true }).waitFor();
    await page.getByText('Messages to one endpoint in a day: 1', { exact: true }).waitFor();
    await lookForBarriers();
  });

  it('send when such an event comes, and no sooner', async () => {
    await main().getByText('Running', { exact: true }).waitFor();
    await put({ sku: 'HAT-1' }, 99);
    await put({ sku: 'GLV-9' }, 9);
    await put({ sku: 'GLV-9' }, 99);
    await eventually(() => main().textContent()).toMatch(/Sent\s*1\s*Failed\s*0/);
    await visit(`${project}/outbox`, 'Outbox');
    await row(/\+351912345678 You left something, ana/).waitFor();
    expect(await main().getByRole('row').count()).toBe(2);
  });

  it('show an in-app message as it is written, slide by slide', async () => {
    await visit(`${project}/templates/INAPP`, 'New template: In-app message');
    await page.getByLabel('Name', { exact: true }).fill('gift');
    await page.getByText('Choose a layout.').waitFor();
    await choose('Layout', 'Carousel');
    await button('Write the message').click();
    await page.getByRole('textbox', { name: 'Header', exact: true }).fill('A gift for you');
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Until Sunday');
    await page.getByRole('textbox', { name: 'Background', exact: true }).fill('#E8F0FE');
    await page.getByRole('checkbox', { name: 'Primary button' }).check({ force: true });
    await page.getByRole('textbox', { name: 'Text of the primary button', exact: true }).fill('Show me');
    await choose('What it does: primary button', 'Opens a web page');
    expect(await button('Create template').isDisabled()).toBe(true);
    await page
      .getByRole('textbox', { name: 'Address: primary button', exact: true })
      .fill('https://shop.example.com/gift');
    const phone = page.getByRole('region', { name: 'The message on a phone' });
    await phone.getByText('A gift for you').waitFor();
    expect(await phone.textContent()).toBe('A gift for youUntil SundayShow me');
    const background = "getComputedStyle(document.querySelector('.in-app-message')).backgroundColor";
    expect(await page.evaluate(background)).toBe('rgb(232, 240, 254)');
    await button('Add a slide').click();
    await page.getByRole('textbox', { name: 'Header', exact: true }).nth(1).fill('Another');
    await page.getByRole('textbox', { name: 'Text', exact: true }).nth(1).fill('For friends');
    await button('Slide after').click();
    await phone.getByText('Another').waitFor();
    // However long the form is, the likeness stays in sight.
    await button('Add custom data').scrollIntoViewIfNeeded();
    expect(await page.evaluate("document.querySelector('.in-app-phone').getBoundingClientRect().top")).toBeGreaterThan(
      0,
    );
    await button('Add custom data').click();
    await page.getByLabel('Name 1').fill('source');
    await page.getByLabel('Value 1').fill('spring');
    await lookForBarriers();
    await button('Create template').click();
    await page.getByText('Active version', { exact: true }).waitFor();
    await lookForBarriers();
  });

  it('keep what was written when it is edited as JSON', async () => {
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Edit the content as JSON' }).check({ force: true });
    const content = page.getByLabel('Content', { exact: true });
    const text = await content.inputValue();
    await content.fill('[{');
    await page.getByText('This is no list of slides.').waitFor();
    await content.fill(text.replace('For friends', 'For all friends'));
    await page.getByRole('checkbox', { name: 'Edit the content as JSON' }).uncheck({ force: true });
    expect(await page.getByRole('textbox', { name: 'Text', exact: true }).nth(1).inputValue()).toBe('For all friends');
    await button('Change the latest version').click();
    await page.getByText('Active version', { exact: true }).waitFor();
  });

  it('give the message to apps that ask for it', async () => {
    await visit(`${project}/campaigns/new`, 'Create a campaign');
    await page.getByLabel('Name of the campaign', { exact: true }).fill('A gift');
    await choose('Segment', 'Everybody');
    await page.getByRole('radio', { name: 'In-app message' }).check({ force: true });
    await choose('Message A', 'gift');
    await addValue('Type of event', 'purchase');
    await fillDay('To day', nextYear);
    await page.getByLabel('Times in a day').fill('2');
    await choose('Priority', '1: before all others');
    await page.getByText('there is nothing to rehearse', { exact: false }).waitFor();
    await lookForBarriers();
    await button('Launch campaign').click();
    await heading('Apps come for it').waitFor();
    await lookForBarriers();
    const asked = async () => {
      const answer = await client.send(new GetInAppMessagesCommand({ ApplicationId, EndpointId: 'app' }));
      return answer.InAppMessagesResponse?.InAppMessageCampaigns ?? [];
    };
    await eventually(async () => (await asked()).length).toBe(1);
    const [campaign] = await asked();
    expect(campaign).toMatchObject({ Priority: 1, DailyCap: 2 });
    expect(campaign?.InAppMessage).toMatchObject({
      ...{ Layout: 'CAROUSEL', CustomConfig: { source: 'spring' } },
      Content: [
        { BackgroundColor: '#E8F0FE', PrimaryBtn: { DefaultConfig: { Text: 'Show me', ButtonAction: 'LINK' } } },
        { BodyConfig: { Body: 'For all friends' } },
      ],
    });
  });

  it.each(['campaigns/new', 'templates/INAPP/gift/edit'])(
    'can be read on a phone and in the dark: %s',
    async (path) => {
      await page.setViewportSize({ width: 375, height: 740 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await visit(`${project}/${path}`, path.startsWith('campaigns') ? 'Create a campaign' : 'gift');
      await eventually(() => page.evaluate('document.documentElement.scrollWidth <= 375')).toBe(true);
      await lookForBarriers();
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 900 });
    },
  );

  it('kept nobody out, made no error, kept its own policy and asked no other host', () => {
    expect([...new Set(shown.barriers)]).toEqual([]);
    expect(shown.watched).toMatchObject({ faults: [], foreign: [] });
  });
});
