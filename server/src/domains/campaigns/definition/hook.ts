/** Who filters the segment of a campaign: a function or a URL (dossier/messaging §1.12). */
import type { CampaignHook } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { namesFunction } from '../../../outgoing/lambda.ts';

/** @throws BadRequestException that names the member */
export function checkHook(hook: CampaignHook = {}): void {
  const { LambdaFunctionName: name = '', WebUrl: url = '', Mode } = hook;
  if (Mode === 'DELIVERY')
    throw badRequest('Hook.Mode DELIVERY does not work any more: use CustomDeliveryConfiguration');
  if (name !== '' && url !== '') throw badRequest('Hook has either LambdaFunctionName or WebUrl');
  if (name !== '' && !namesFunction(name)) {
    throw badRequest('Hook.LambdaFunctionName must be the name or ARN of a Lambda function');
  }
  if (url !== '' && URL.parse(url)?.protocol !== 'https:') throw badRequest('Hook.WebUrl must be an https URL');
}

/** It calls somebody: empty texts and a mode alone do not. */
export function isHook({ LambdaFunctionName = '', WebUrl = '' }: CampaignHook): boolean {
  return LambdaFunctionName !== '' || WebUrl !== '';
}
