/** Editing tags: the rules of the API (50 tags, keys to 128, values to 256 characters) are checked while typing. */
import TagEditor, { type TagEditorProps } from '@cloudscape-design/components/tag-editor';

export type Tags = Readonly<Record<string, string>>;
export type TagList = readonly TagEditorProps.Tag[];

export interface TagFieldsProps {
  readonly tags: TagList;
  readonly onChange: (tags: TagList, valid: boolean) => void;
}

export function TagFields({ tags, onChange }: TagFieldsProps) {
  return (
    <TagEditor
      tags={tags}
      tagLimit={50}
      i18nStrings={{
        addButton: 'Add new tag',
        removeButton: 'Remove',
        undoButton: 'Undo',
        keyHeader: 'Key',
        valueHeader: 'Value',
        keyPlaceholder: 'Enter key',
        valuePlaceholder: 'Enter value',
        emptyTags: 'No tags.',
      }}
      onChange={({ detail }) => onChange(detail.tags, detail.valid)}
    />
  );
}

/** Stored tags as rows of the editor. */
export function toTagList(tags: Tags | undefined): TagList {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value, existing: true }));
}

/** The tags as they are to be. */
export function toTags(list: TagList): Tags {
  const kept = list.filter(({ key, markedForRemoval }) => key !== '' && markedForRemoval !== true);
  return Object.fromEntries(kept.map(({ key, value }) => [key, value]));
}
