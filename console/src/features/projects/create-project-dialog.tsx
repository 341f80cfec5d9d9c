/** A new project: a name that stays as it is, and tags. */
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { TagFields, type TagList, toTags } from '../../ui/tag-fields.tsx';
import { useCreateProject } from './queries.ts';

const longestName = 64;

export function CreateProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [tags, setTags] = useState<{ list: TagList; valid: boolean }>({ list: [], valid: true });
  const create = useCreateProject();
  const navigate = useNavigateFromHere();
  const notices = useNotices();
  const submit = () =>
    create.mutate(
      { name, tags: toTags(tags.list) },
      {
        onSuccess: (project) => {
          notices.done(`Project ${project.name} created`);
          navigate(`/projects/${encodeURIComponent(project.id)}`);
        },
      },
    );
  const tooLong = name.length > longestName;
  return (
    <FormDialog
      title="Create a project"
      submitText="Create"
      submitDisabled={name === '' || tooLong || !tags.valid}
      pending={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormField
        label="Project name"
        constraintText={`1 to ${longestName} characters. It cannot be changed later.`}
        characterCountText={`${name.length}/${longestName}`}
        errorText={tooLong ? `The name is ${name.length - longestName} characters too long.` : undefined}
      >
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoComplete={false} autoFocus />
      </FormField>
      <ExpandableSection headerText="Tags - optional">
        <TagFields tags={tags.list} onChange={(list, valid) => setTags({ list, valid })} />
      </ExpandableSection>
    </FormDialog>
  );
}
