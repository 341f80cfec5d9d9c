/** Labels that came from people, with the dimension that they are values of. */

/** What a label is called once nobody is left who carries it. */
export const forgotten = 'other';

/** `platform=ios` */
export function label(dimension: string, value: string): string {
  return `${dimension}=${value}`;
}

export function readLabel(text: string): { readonly dimension: string; readonly value: string } {
  const at = text.indexOf('=');
  return { dimension: text.slice(0, at), value: text.slice(at + 1) };
}

/** Which counters are labelled with values of a dimension. */
export const labelledMetrics: Readonly<Record<string, readonly string[]>> = {
  event: ['event'],
  currency: ['revenue', 'units', 'purchases'],
  platform: ['platform'],
  'app version': ['app version'],
  make: ['make'],
  model: ['model'],
  country: ['country'],
  'sms country': ['direct', 'campaign', 'journey'].flatMap((origin) =>
    ['sent', 'parts', 'delivered', 'parts delivered', 'price'].map((metric) => `${origin} sms ${metric}`),
  ),
};

export const demographicDimensions = ['platform', 'app version', 'make', 'model', 'country'] as const;
