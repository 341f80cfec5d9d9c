/** GetCampaignWinner (ours): what each treatment came to, which one leads, and how sure that is. */
import type { CampaignWinner, TreatmentResult } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import { type Campaign, type Treatment, treatmentsOf } from '../campaign.ts';
import { findCampaign } from '../store.ts';
import { type Comparison, compareProportions, wilsonInterval } from './statistics.ts';

/** What became of a treatment's messages, each message once. */
export interface Outcomes {
  readonly sent: number;
  /** Those of them that can be opened, and in which something can be clicked. */
  readonly openable: number;
  readonly clickable: number;
  readonly opened: number;
  readonly clicked: number;
}

/** Analytics stands above campaigns, and is given to them in `app/`. */
export interface OutcomeCounts {
  /** By treatment; those of which nothing was counted are missing. */
  byTreatment(campaign: Campaign): Promise<ReadonlyMap<string, Outcomes>>;
  /** Messages after which the event came, by treatment. */
  conversions(
    campaign: Campaign,
    event: { readonly eventType: string; readonly windowHours: number; readonly now: Date },
  ): Promise<ReadonlyMap<string, number>>;
}

interface Parts {
  readonly database: Database;
  readonly outcomes: OutcomeCounts;
}

export function winnerOperations({ database, outcomes }: Parts): Handlers<'GetCampaignWinner'> {
  return {
    async GetCampaignWinner({ CampaignId, Metric, EventType, WindowHours, Confidence }, { project, now }) {
      const question = readQuestion({ Metric, EventType, WindowHours, Confidence });
      const campaign = await findCampaign(database.query, { projectNumber: project.number, id: CampaignId });
      if (campaign === undefined) throw notFound();
      const { conversion } = question;
      const [counts, converted] = await Promise.all([
        outcomes.byTreatment(campaign),
        conversion && outcomes.conversions(campaign, { ...conversion, now }),
      ]);
      const results = treatmentsOf(campaign.definition).map((treatment) =>
        measure(
          treatment,
          counts.get(treatment.id) ?? nothing,
          converted && (converted.get(treatment.id) ?? 0),
          question,
        ),
      );
      return show(campaign, results, question);
    },
  };
}

const nothing: Outcomes = { sent: 0, openable: 0, clickable: 0, opened: 0, clicked: 0 };

interface Question {
  readonly metric: CampaignWinner['Metric'];
  readonly conversion: { readonly eventType: string; readonly windowHours: number } | undefined;
  readonly confidence: number;
}

const metrics = ['OPENED', 'CLICKED', 'CONVERTED'] as const;
const defaultWindowHours = 168;
const longestWindowHours = 90 * 24;

/** @throws BadRequestException */
function readQuestion(given: {
  readonly Metric: string | undefined;
  readonly EventType: string | undefined;
  readonly WindowHours: string | undefined;
  readonly Confidence: string | undefined;
}): Question {
  const { EventType: eventType } = given;
  const metric = metrics.find((each) => each === (given.Metric ?? (eventType === undefined ? 'OPENED' : 'CONVERTED')));
  if (metric === undefined) throw badRequest(`metric must be one of ${metrics.join(', ')}`);
  if (eventType === '') throw badRequest('event-type must not be empty');
  if (metric === 'CONVERTED' && eventType === undefined) throw badRequest('event-type is required for CONVERTED');
  const windowHours = given.WindowHours === undefined ? defaultWindowHours : Number(given.WindowHours);
  if (!Number.isInteger(windowHours) || windowHours < 1 || windowHours > longestWindowHours) {
    throw badRequest(`window-hours must be a whole number from 1 to ${longestWindowHours}`);
  }
  const confidence = given.Confidence === undefined ? 0.95 : Number(given.Confidence);
  if (!(confidence >= 0.5 && confidence <= 0.9999)) throw badRequest('confidence must be a number from 0.5 to 0.9999');
  return { metric, conversion: eventType === undefined ? undefined : { eventType, windowHours }, confidence };
}

interface Measured {
  readonly treatment: Treatment;
  readonly outcomes: Outcomes;
  readonly converted: number | undefined;
  readonly successes: number;
  readonly trials: number;
}

/** What comes after a message may be told before the message is counted: never more than there were. */
function measure(
  treatment: Treatment,
  outcomes: Outcomes,
  converted: number | undefined,
  { metric }: Question,
): Measured {
  const { sent, openable, clickable, opened, clicked } = outcomes;
  const [successes, trials] = {
    OPENED: [opened, openable] as const,
    CLICKED: [clicked, clickable] as const,
    CONVERTED: [converted ?? 0, sent] as const,
  }[metric];
  return { treatment, outcomes, converted, successes: Math.min(successes, trials), trials };
}

function show(campaign: Campaign, results: readonly Measured[], { metric, conversion, confidence }: Question) {
  const comparison = compareProportions(results);
  const names = treatmentNames(campaign);
  const [standard] = results;
  return {
    ...{ CampaignId: campaign.id, Metric: metric, ConfidenceLevel: confidence },
    ...(conversion && { EventType: conversion.eventType, WindowHours: conversion.windowHours }),
    Treatments: results.map((each) => showTreatment(each, names.get(each.treatment.id), standard, confidence)),
    ...(comparison && { Leader: comparison.leader.treatment.id, Confidence: comparison.confidence }),
    ...decide(results.length, comparison, confidence),
  } satisfies CampaignWinner;
}

function decide(
  treatments: number,
  comparison: Comparison<Measured> | undefined,
  confidence: number,
): Pick<CampaignWinner, 'Decision' | 'Winner'> {
  if (treatments === 1) return { Decision: 'ONE_TREATMENT' };
  if (comparison === undefined || comparison.tooFew) return { Decision: 'TOO_FEW' };
  if (comparison.confidence < confidence) return { Decision: 'NOT_SURE_YET' };
  return { Decision: 'WINNER', Winner: comparison.leader.treatment.id };
}

function treatmentNames({ definition }: Campaign): ReadonlyMap<string, string> {
  const all = [definition, ...(definition.AdditionalTreatments ?? [])];
  return new Map(
    all.flatMap(({ TreatmentName }, index) => (TreatmentName === undefined ? [] : [[String(index), TreatmentName]])),
  );
}

function showTreatment(
  measured: Measured,
  name: string | undefined,
  standard: Measured | undefined,
  confidence: number,
): TreatmentResult {
  const { treatment, outcomes, converted, successes, trials } = measured;
  const interval = wilsonInterval(measured, confidence);
  const rate = rateOf(measured);
  const usual = standard && rateOf(standard);
  return {
    TreatmentId: treatment.id,
    ...(name !== undefined && { TreatmentName: name }),
    SizePercent: treatment.percent,
    ...{ Sent: outcomes.sent, Opened: outcomes.opened, Clicked: outcomes.clicked },
    ...(converted !== undefined && { Converted: converted }),
    ...{ Base: trials, Successes: successes },
    ...(rate !== undefined && interval && { Rate: rate, RateLow: interval.low, RateHigh: interval.high }),
    ...(measured !== standard && rate !== undefined && usual && { Lift: rate / usual - 1 }),
  };
}

function rateOf({ successes, trials }: Measured): number | undefined {
  return trials === 0 ? undefined : successes / trials;
}
