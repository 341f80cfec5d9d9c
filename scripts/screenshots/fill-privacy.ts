/** What the pages about privacy show: requests that are over, that wait, archives, holds, rules, a project that is gone. */
import {
  CreateAppCommand,
  DeleteAppCommand,
  DeleteEndpointCommand,
  type PinpointClient,
} from '@aws-sdk/client-pinpoint';

export interface FilledPrivacy {
  readonly erasureId: string;
  readonly waitingErasureId: string;
  readonly accessRequestId: string;
  readonly fileErasureId: string;
  readonly projectErasureId: string;
}

type Api = (call: string, body?: unknown) => Promise<ReturnType<typeof JSON.parse>>;

export async function fillPrivacy(client: PinpointClient, ApplicationId: string, api: Api): Promise<FilledPrivacy> {
  const app = `/repoint/v1/apps/${ApplicationId}`;
  const email = (Value: string) => ({ Identities: [{ Type: 'EMAIL', Value }] });
  const until = async (call: string, isOver: (body: ReturnType<typeof JSON.parse>) => boolean) => {
    for (;;) {
      const body = await api(call);
      if (isOver(body)) return body;
      await new Promise((resume) => setTimeout(resume, 50));
    }
  };
  const EndDate = new Date(Date.now() + 2 * 365 * 24 * 3_600_000).toISOString();
  await api(`POST ${app}/erasure-holds`, { Fields: ['sends.*'], Reason: 'Dispute 12', EndDate });
  await api(`PUT ${app}/retention-rules/EVENTS`, { Days: 400 });

  const access = await api(`POST ${app}/access-requests`, email('person4@example.com'));
  await until(`GET ${app}/access-requests/${access.Id}`, ({ State }) => State === 'COMPLETED');
  const erasure = await api(`POST ${app}/erasure-requests`, {
    ...email('person1@example.com'),
    RequestId: 'Ticket 4711',
  });
  await until(`GET ${app}/erasure-requests/${erasure.Id}`, ({ CompletedDate }) => CompletedDate !== undefined);
  await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'person-5' }));
  const waiting = await api(`POST ${app}/erasure-requests`, { ...email('person7@example.com'), WaitingDays: 3 });
  await until(`GET ${app}/erasure-requests/${waiting.Id}`, ({ State }) => State === 'WAITING');
  const files = await api(`POST ${app}/file-erasures`, {
    ...{ Action: 'REWRITE', Identities: [{ Type: 'ADDRESS', Value: 'person8@example.com' }] },
  });
  await until(`GET ${app}/file-erasures/${files.Id}`, ({ Status }) => Status === 'COMPLETED');
  await api(`POST ${app}/archives`, { Url: 's3://repoint-archives/' });

  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'Winter shop' } }),
  );
  await client.send(new DeleteAppCommand({ ApplicationId: ApplicationResponse?.Id }));
  const { Item } = await until('GET /repoint/v1/project-erasures', (body) => body.Item[0]?.State === 'COMPLETED');
  // Behind the erasures: nobody is there to be told of them.
  await api(`POST ${app}/erasure-targets`, { Url: 'https://crm.example.com/hooks/erasures' });
  return {
    ...{ erasureId: erasure.Id, waitingErasureId: waiting.Id, accessRequestId: access.Id, fileErasureId: files.Id },
    projectErasureId: Item[0].ErasureId,
  };
}
