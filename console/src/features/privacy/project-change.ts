/** A change to something of the project out of a dialog: said when it is done, the dialog closed, the list asked again. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { useNotices } from '../../ui/notices.tsx';

export interface ProjectChange {
  readonly send: () => Promise<unknown>;
  /** What was done. */
  readonly said: string;
  /** The name of the list: `erasure-holds`. */
  readonly list: string;
  readonly onClose: () => void;
}

export function useProjectChange({ send, said, list, onClose }: ProjectChange) {
  const { scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  return useMutation({
    mutationFn: send,
    // What was sent may name people: it stays in no cache.
    gcTime: 0,
    onSuccess: () => {
      notices.done(said);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, list, projectId] });
    },
  });
}
