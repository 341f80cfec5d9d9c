/** Rules for the content of in-app templates (dossier/messaging §2.3); lengths of texts are the console's business. */
import type { InAppMessageContent } from '../../contract/pinpoint-types.ts';
import { badRequest } from '../../kernel/errors.ts';

const maximumElements = 5;
const requiredMembers = ['BackgroundColor', 'HeaderConfig', 'BodyConfig'] as const;

/** @param place of the list, for the refusal @throws BadRequestException */
export function checkInAppContent(content: readonly InAppMessageContent[], place = 'Content'): void {
  if (content.length > maximumElements) throw badRequest(`${place} may have at most ${maximumElements} elements`);
  for (const [index, element] of content.entries()) {
    for (const member of requiredMembers) {
      if (element[member] === undefined) throw badRequest(`${place}[${index}].${member} is missing`);
    }
  }
}
