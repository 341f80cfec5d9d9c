/** A new request: whom, how, after which time; what is held is seen, and the name typed, before anything goes. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ErasureIdentity } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { TypedName } from '../../ui/typed-name.tsx';
import { useProject } from '../projects/queries.ts';
import { Held } from './held.tsx';
import { mostIdentities } from './identities.ts';
import { IdentityFields } from './identity-fields.tsx';
import { allModes, type ErasureMode, erases, modeLabel } from './modes.ts';
import { areWaitingDays, toWaitingDays, WaitingDays } from './waiting-days.tsx';

const above = [['Erasure requests', 'erasures']] as const;

interface Terms {
  readonly mode: ErasureMode;
  /** Empty: as the project is set. */
  readonly days: string;
  readonly requestId: string;
}

export function NewErasurePage() {
  const [identities, setIdentities] = useState<readonly ErasureIdentity[]>([]);
  const [terms, setTerms] = useState<Terms>({ mode: 'ERASE', days: '', requestId: '' });
  const named = identities.length > 0 && identities.length <= mostIdentities;
  return (
    <ProjectFrame title="Erase people" above={above}>
      <SpaceBetween size="l">
        <Container
          header={
            <Header
              variant="h2"
              description="A user leads to all endpoints of theirs, an address to everybody who has it alone."
            >
              1. Whom
            </Header>
          }
        >
          <IdentityFields identities={identities} most={mostIdentities} onChange={setIdentities} />
        </Container>
        <TermsSection terms={terms} onChange={setTerms} />
        {/* Another list is another preview: nobody confirms what they have not seen. */}
        <ReviewSection key={JSON.stringify(identities)} identities={identities} named={named} terms={terms} />
      </SpaceBetween>
    </ProjectFrame>
  );
}

interface TermsSectionProps {
  readonly terms: Terms;
  readonly onChange: (terms: Terms) => void;
}

function TermsSection({ terms, onChange }: TermsSectionProps) {
  return (
    <Container header={<Header variant="h2">2. How</Header>}>
      <SpaceBetween size="m">
        <FormField label="What happens">
          <RadioGroup
            value={terms.mode}
            items={allModes.map((each) => ({ ...each }))}
            onChange={({ detail }) => onChange({ ...terms, mode: detail.value as ErasureMode })}
          />
        </FormField>
        <WaitingDays days={terms.days} onChange={(days) => onChange({ ...terms, days })} />
        <FormField
          label={
            <>
              Your own name of the request <i>- optional</i>
            </>
          }
          constraintText="Up to 128 characters, such as the number of a ticket. It must name nobody."
        >
          <Input
            value={terms.requestId}
            onChange={({ detail }) => onChange({ ...terms, requestId: detail.value })}
            ariaLabel="Your own name of the request"
            autoComplete={false}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

interface ReviewSectionProps {
  readonly identities: readonly ErasureIdentity[];
  readonly named: boolean;
  readonly terms: Terms;
}

function ReviewSection({ identities, named, terms }: ReviewSectionProps) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  // A mutation, not a query: whom it is about stays in no cache.
  const preview = useMutation({
    mutationFn: () =>
      repoint.send('PreviewErasure', { ApplicationId: projectId, ErasureIdentities: { Identities: identities } }),
    gcTime: 0,
  });
  const whom = preview.data === undefined ? [] : [...preview.data.EndpointIds, ...preview.data.UserIds];
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Whom the identities stand for, and what every place holds. This changes nothing."
          actions={
            <Button disabled={!named} loading={preview.isPending} onClick={() => preview.mutate()}>
              Show what is held
            </Button>
          }
        >
          3. See what is held
        </Header>
      }
    >
      <SpaceBetween size="m">
        {preview.error ? <ErrorAlert error={preview.error} /> : null}
        {preview.data === undefined ? (
          <Box color="text-body-secondary">{named ? 'Look at it before you go on.' : 'Name somebody first.'}</Box>
        ) : (
          <Held preview={preview.data} />
        )}
        {preview.data?.Endpoints === 0 && preview.data.Users === 0 ? (
          <Alert type="info">
            Nobody is stored under these names. A request is still possible: its receipt says that nobody was found.
          </Alert>
        ) : null}
        {whom.length === 0 ? null : (
          <Box color="text-body-secondary">
            They stand for: <bdi>{whom.slice(0, 20).join(', ')}</bdi>
            {whom.length > 20 ? ' …' : ''}
          </Box>
        )}
        <Confirmation identities={identities} terms={terms} seen={preview.data !== undefined} />
      </SpaceBetween>
    </Container>
  );
}

interface ConfirmationProps {
  readonly identities: readonly ErasureIdentity[];
  readonly terms: Terms;
  readonly seen: boolean;
}

function Confirmation({ identities, terms, seen }: ConfirmationProps) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const { data: project } = useProject(projectId);
  const cache = useQueryClient();
  const navigate = useNavigateFromHere();
  const [typed, setTyped] = useState('');
  const [only] = identities;
  const name = identities.length === 1 ? only?.Value : project?.name;
  const request = useMutation({
    mutationFn: () =>
      repoint.send('CreateErasureRequest', {
        ApplicationId: projectId,
        CreateErasureRequestRequest: {
          ...{ Identities: identities, Mode: terms.mode },
          ...toWaitingDays(terms.days),
          ...(terms.requestId !== '' && { RequestId: terms.requestId }),
        },
      }),
    gcTime: 0,
    onSuccess: async ({ Id }) => {
      await cache.invalidateQueries({ queryKey: [...scope, 'erasures', projectId] });
      navigate(path(`erasures/${encodeURIComponent(Id)}`));
    },
  });
  if (!seen || name === undefined) return null;
  const goes = erases(terms.mode);
  return (
    <SpaceBetween size="m">
      {goes ? (
        <Alert type="warning">
          Erasure reaches the database, files of imports and exports, and messages that wait. Once it has begun it
          cannot be taken back.
        </Alert>
      ) : null}
      <TypedName
        name={name}
        label="Name to confirm"
        explanation={identities.length === 1 ? '' : ', the name of the project'}
        typed={typed}
        onChange={setTyped}
      />
      {request.error ? <ErrorAlert error={request.error} /> : null}
      <Button
        variant="primary"
        disabled={typed !== name || !areWaitingDays(terms.days)}
        loading={request.isPending}
        onClick={() => request.mutate()}
      >
        {modeLabel(terms.mode)}
      </Button>
    </SpaceBetween>
  );
}
