/** Settings to form and back: nothing gets lost, and what is empty is not sent. */
import { describe, expect, it } from 'vitest';
import { settingsBlocks } from './settings-fields.ts';

const block = (title: string) => {
  const found = settingsBlocks.find((candidate) => candidate.title === title);
  if (found === undefined) throw new Error(`no block ${title}`);
  return found;
};

const settings = {
  ApplicationId: 'a',
  QuietTime: { Start: '22:00', End: '07:30' },
  Limits: { Daily: 10, Total: 20, MessagesPerSecond: 50, MaximumDuration: 60, Session: 3 },
  JourneyLimits: { DailyCap: 5, TotalCap: 6, TimeframeCap: { Cap: 7, Days: 8 } },
};

describe('a block of settings', () => {
  it.each([
    ['Quiet time', 'QuietTime'],
    ['Campaign limits', 'Limits'],
    ['Journey limits', 'JourneyLimits'],
  ] as const)('%s comes back from the form as it was', (title, member) => {
    const { fields, read, write } = block(title);
    const values = read(settings);
    expect(Object.keys(values).sort()).toEqual(fields.map(({ key }) => key).sort());
    expect(write(values)).toEqual({ [member]: settings[member] });
  });

  it.each(['Quiet time', 'Campaign limits', 'Journey limits'])('%s can be emptied', (title) => {
    const { fields, write } = block(title);
    const emptied = write(Object.fromEntries(fields.map(({ key }) => [key, ''])));
    expect(Object.values(emptied)).toEqual([{}]);
  });

  it('shows a zero as not set', () => {
    expect(block('Campaign limits').read({ ApplicationId: 'a', Limits: { Daily: 0 } })).toEqual({ Daily: '' });
  });
});
