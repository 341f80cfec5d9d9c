/** Deleting a policy: the server refuses one that somebody still has. */
import { useMutation } from '@tanstack/react-query';
import type { PolicyResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { useForgetPolicies } from './queries.ts';

export interface DeletePolicyDialogProps {
  readonly policy: PolicyResponse;
  readonly onDeleted?: () => void;
  readonly onClose: () => void;
}

export function DeletePolicyDialog({ policy, onDeleted, onClose }: DeletePolicyDialogProps) {
  const { repoint } = useApi();
  const forget = useForgetPolicies();
  const notices = useNotices();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeletePolicy', { PolicyName: policy.PolicyName }),
    onSuccess: async () => {
      notices.done(`Policy ${policy.PolicyName} deleted`);
      onClose();
      onDeleted?.();
      await forget();
    },
  });
  return (
    <DeleteDialog
      kind="policy"
      name={policy.PolicyName}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      Nobody may have it any more: detach it from its users first, on its own page.
    </DeleteDialog>
  );
}
