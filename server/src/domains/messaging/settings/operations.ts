/** A project's switches for messages (ours). */
import type { MessagingSettings as Shown } from '../../../contract/repoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import type { MessagingSettings, SettingsLookup } from './settings.ts';

/** @param hasPublicUrl whether links can lead back here */
export function settingsOperations(
  settings: SettingsLookup,
  hasPublicUrl: boolean,
): Handlers<'GetMessagingSettings' | 'UpdateMessagingSettings'> {
  return {
    async GetMessagingSettings(_input, { project }) {
      return show(await settings.find(project.number));
    },

    async UpdateMessagingSettings({ UpdateMessagingSettingsRequest: request }, call) {
      const { MissingVariables, ClickTracking, OpenTracking, UnsubscribeLinks } = request;
      if (!hasPublicUrl && (ClickTracking || OpenTracking || UnsubscribeLinks)) {
        throw badRequest('Links in messages need REPOINT_PUBLIC_URL, which the operator has not set');
      }
      const changed = await call.transaction((tx) =>
        settings.change(tx, call.project.number, {
          ...(MissingVariables !== undefined && { missingVariables: MissingVariables }),
          ...(ClickTracking !== undefined && { clickTracking: ClickTracking }),
          ...(OpenTracking !== undefined && { openTracking: OpenTracking }),
          ...(UnsubscribeLinks !== undefined && { unsubscribeLinks: UnsubscribeLinks }),
        }),
      );
      settings.forget(call.project.number);
      return show(changed);
    },
  };
}

function show({ missingVariables, clickTracking, openTracking, unsubscribeLinks }: MessagingSettings): Shown {
  return {
    MissingVariables: missingVariables,
    ClickTracking: clickTracking,
    OpenTracking: openTracking,
    UnsubscribeLinks: unsubscribeLinks,
  };
}
