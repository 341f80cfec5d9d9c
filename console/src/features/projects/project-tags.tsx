/** The tags of a project, shown and edited. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useState } from 'react';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { TagFields, toTagList, toTags } from '../../ui/tag-fields.tsx';
import { type Project, useChangeTags } from './queries.ts';

export function ProjectTags({ project }: { readonly project: Project }) {
  const [editing, setEditing] = useState(false);
  const entries = Object.entries(project.tags);
  const actions = <Button onClick={() => setEditing(true)}>Manage tags</Button>;
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${entries.length})`} actions={actions}>
          Tags
        </Header>
      }
    >
      {entries.length === 0 ? (
        <Box color="text-body-secondary">No tags. Tags group projects, and policies can refer to them.</Box>
      ) : (
        <KeyValuePairs
          columns={3}
          items={entries.map(([key, value]) => ({ label: key, value: value === '' ? '–' : value }))}
        />
      )}
      {editing ? <TagsDialog project={project} onClose={() => setEditing(false)} /> : null}
    </Container>
  );
}

function TagsDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const [tags, setTags] = useState({ list: toTagList(project.tags), valid: true });
  const change = useChangeTags(project);
  const notices = useNotices();
  const submit = () =>
    change.mutate(toTags(tags.list), {
      onSuccess: () => {
        notices.done('Tags saved');
        onClose();
      },
    });
  return (
    <FormDialog
      title="Manage tags"
      submitText="Save tags"
      submitDisabled={!tags.valid}
      pending={change.isPending}
      error={change.error}
      size="large"
      onSubmit={submit}
      onClose={onClose}
    >
      <TagFields tags={tags.list} onChange={(list, valid) => setTags({ list, valid })} />
    </FormDialog>
  );
}
