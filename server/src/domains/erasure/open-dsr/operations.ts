/** Settings of OpenDSR, a project at a time (ours). Without them, nothing of it answers. */
import type { OpenDsrSettingsResponse } from '../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import type { ErasureParts } from '../parts.ts';
import { openDsrPath } from './routes.ts';
import {
  checkCertificate,
  deleteSettings,
  findSettings,
  hashBearerKey,
  newBearerKey,
  type OpenDsrSettings,
  sealPrivateKey,
  writeSettings,
} from './settings.ts';

export function openDsrOperations({
  database,
  sealKey,
  publicUrl,
}: Pick<ErasureParts, 'database' | 'sealKey'> & { readonly publicUrl: string | undefined }): Handlers<
  'GetOpenDsrSettings' | 'UpdateOpenDsrSettings' | 'DeleteOpenDsrSettings'
> {
  const show = (settings: OpenDsrSettings, projectId: string): OpenDsrSettingsResponse => ({
    ...{ Domain: settings.domain, ControllerId: settings.controllerId, Certificate: settings.certificate },
    BaseUrl: `${(publicUrl ?? '').replace(/\/+$/, '')}${openDsrPath}v2/${projectId}`,
    LastModifiedDate: toTimestamp(settings.changedAt),
  });
  return {
    async GetOpenDsrSettings(_input, { project }) {
      const settings = await findSettings(database.query, project.number);
      if (settings === undefined) throw notFound();
      return show(settings, project.id);
    },

    async UpdateOpenDsrSettings({ UpdateOpenDsrSettingsRequest: asked }, call) {
      const { project, now } = call;
      const domain = asked.Domain.toLowerCase();
      // §8.3: the domain on which requests are received.
      if (publicUrl === undefined)
        throw badRequest('REPOINT_PUBLIC_URL is not set: controllers could not reach the project');
      if (URL.parse(publicUrl)?.hostname !== domain) throw badRequest('Domain must be that of REPOINT_PUBLIC_URL');
      checkCertificate(asked.Certificate, asked.PrivateKey, domain, now);
      const key = newBearerKey();
      const settings: OpenDsrSettings = {
        ...{ projectNumber: project.number, domain, controllerId: asked.ControllerId ?? project.id },
        ...{
          certificate: asked.Certificate,
          sealedPrivateKey: sealPrivateKey(sealKey, project.number, asked.PrivateKey),
        },
        ...{ bearerHash: hashBearerKey(key), changedAt: now },
      };
      await call.transaction((tx) => writeSettings(tx, settings));
      return { ...show(settings, project.id), BearerKey: key };
    },

    async DeleteOpenDsrSettings(_input, call) {
      const settings = await findSettings(database.query, call.project.number);
      const isGone = await call.transaction((tx) => deleteSettings(tx, call.project.number));
      if (settings === undefined || !isGone) throw notFound();
      return show(settings, call.project.id);
    },
  };
}
