/** How a segment is shared out, and what each share is told: percentages, messages and templates by treatment. */
import { badRequest } from '../../../kernel/errors.ts';
import { treatmentsOf } from '../campaign.ts';
import { kindOf } from './kind.ts';
import type { Draft } from './merge.ts';
import { checkCustomDelivery, checkMessage, checkTemplateNames, hasSource } from './messages.ts';

/** Besides the default (dossier/messaging §1.9). */
const maximumTreatments = 4;

/** @throws BadRequestException that names the member */
export function checkTreatments(definition: Draft): void {
  const { AdditionalTreatments: others = [], HoldoutPercent = 0, Schedule } = definition;
  if (others.length > maximumTreatments) {
    throw badRequest(`AdditionalTreatments may have at most ${maximumTreatments} elements`);
  }
  checkPercent(HoldoutPercent, 'HoldoutPercent');
  for (const [index, { SizePercent }] of others.entries()) {
    checkPercent(SizePercent, `AdditionalTreatments[${index}].SizePercent`);
  }
  if (others.reduce((sum, { SizePercent }) => sum + SizePercent, HoldoutPercent) > 100) {
    throw badRequest('HoldoutPercent and the SizePercent of all treatments must be at most 100 together');
  }
  for (const [index, { Schedule: own }] of others.entries()) {
    if (own !== undefined && kindOf(own) !== kindOf(Schedule)) {
      throw badRequest(`AdditionalTreatments[${index}].Schedule.Frequency must be of the kind of the campaign's own`);
    }
  }
  checkWritten(definition);
  checkResolved(definition);
}

function checkPercent(percent: number, place: string): void {
  if (percent < 0 || percent > 100) throw badRequest(`${place} must be from 0 to 100`);
}

/** Each part where it was written. */
function checkWritten(definition: Draft): void {
  for (const [index, part] of [definition, ...(definition.AdditionalTreatments ?? [])].entries()) {
    const place = index === 0 ? '' : `AdditionalTreatments[${index - 1}].`;
    checkMessage(part.MessageConfiguration, `${place}MessageConfiguration`);
    checkTemplateNames(part.TemplateConfiguration, `${place}TemplateConfiguration`);
    checkCustomDelivery(part.CustomDeliveryConfiguration, `${place}CustomDeliveryConfiguration`);
  }
}

/** Each treatment with what it inherits. */
function checkResolved(definition: Draft): void {
  const kind = kindOf(definition.Schedule);
  for (const [index, treatment] of treatmentsOf(definition).entries()) {
    const place = index === 0 ? '' : `AdditionalTreatments[${index - 1}].`;
    if (treatment.message?.CustomMessage !== undefined && treatment.customDelivery === undefined) {
      throw badRequest(`${place}MessageConfiguration.CustomMessage needs a CustomDeliveryConfiguration`);
    }
    if (hasSource(treatment, kind)) continue;
    throw badRequest(
      kind === 'IN_APP'
        ? `${place}MessageConfiguration.InAppMessage or ${place}TemplateConfiguration.InAppTemplate is required`
        : `${place}MessageConfiguration or ${place}TemplateConfiguration must say what to send`,
    );
  }
}
