/** Writing a policy: its document is checked by the server while it is typed, and can be tried on a request beside it. */
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { PolicyDocument } from '../../../../server/src/contract/repoint-types.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { DocumentField } from './document-field.tsx';
import { findJsonFault, findPlace, type JsonFault, splitMessage } from './json-place.ts';
import { policyPath, showDocument, usePolicy } from './queries.ts';
import { SavePolicy } from './save-policy.tsx';
import { Decided, firstRequest, RequestFields, useSimulation } from './simulation.tsx';

const parents = [{ text: 'Policies', path: '/policies' }];

const firstDocument = showDocument({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['mobiletargeting:Get*', 'mobiletargeting:List*'], Resource: '*' }],
});

export function NewPolicyPage() {
  const [search] = useSearchParams();
  const copied = search.get('copy') ?? undefined;
  const query = usePolicy(copied);
  return (
    <Page title="Create policy" parents={parents}>
      {copied === undefined ? (
        <Editor stored={{ text: firstDocument, description: '' }} />
      ) : (
        <Loaded query={query}>
          {({ Document, Description = '' }) => (
            <Editor stored={{ text: showDocument(Document), description: Description }} />
          )}
        </Loaded>
      )}
    </Page>
  );
}

export function EditPolicyPage() {
  const { policyName = '' } = useParams();
  const query = usePolicy(policyName);
  const above = [...parents, { text: policyName, path: policyPath(policyName) }];
  const [steps] = useState(above);
  return (
    <Page title={`Edit ${policyName}`} parents={steps}>
      <Loaded query={query}>
        {({ Document, Description = '' }) => (
          <Editor policyName={policyName} stored={{ text: showDocument(Document), description: Description }} />
        )}
      </Loaded>
    </Page>
  );
}

interface EditorProps {
  /** Of one that is there. */
  readonly policyName?: string;
  readonly stored: { readonly text: string; readonly description: string };
}

function Editor({ policyName, stored }: EditorProps) {
  const [newName, setNewName] = useState('');
  const [description, setDescription] = useState(stored.description);
  const [text, setText] = useState(stored.text);
  const [request, setRequest] = useState(firstRequest);
  const broken = findJsonFault(text);
  const document = broken === undefined ? (JSON.parse(text) as PolicyDocument) : undefined;
  const isDocument = typeof document === 'object' && document !== null && !Array.isArray(document);
  const { data, error } = useSimulation(
    isDocument ? { Document: document, Action: request.action || '*', Resource: request.resource || '*' } : undefined,
  );
  const refused = error === null ? undefined : faultIn(text, error);
  const fault = broken ?? (isDocument ? refused : { from: 0, to: 1, says: 'A policy is an object.' });
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="m">
            {policyName === undefined ? (
              <FormField label="Policy name" constraintText="Letters, digits and _ + = , . @ -, up to 128.">
                <Input value={newName} onChange={({ detail }) => setNewName(detail.value)} spellcheck={false} />
              </FormField>
            ) : null}
            <FormField label="What it allows" constraintText="In words, for whoever attaches it." stretch>
              <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
            </FormField>
            <DocumentField text={text} fault={fault} onChange={setText} />
          </SpaceBetween>
        </Container>
        <SavePolicy
          name={policyName ?? newName}
          isNew={policyName === undefined}
          description={description}
          document={fault === undefined ? document : undefined}
        />
      </SpaceBetween>
      <Container
        header={
          <Header variant="h2" description="What this document alone would say.">
            Try it
          </Header>
        }
      >
        <SpaceBetween size="m">
          <RequestFields request={request} onChange={setRequest} />
          {error !== null && refused === undefined ? <ErrorAlert error={error} /> : null}
          {fault === undefined && error === null && data !== undefined ? <Decided simulation={data} /> : null}
        </SpaceBetween>
      </Container>
    </Grid>
  );
}

/** What the server says of the document, at the place it names; undefined for what is not about the document. */
function faultIn(text: string, error: Error): JsonFault | undefined {
  const split = splitMessage(error.message);
  return split === undefined ? undefined : { ...findPlace(text, split.path), says: split.says };
}
