/** Another password for somebody: another user's, which also ends a lockout, or one's own. */
import Box from '@cloudscape-design/components/box';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { signIn } from '../../api/repoint.ts';
import { beginSession } from '../../api/session.ts';
import { useApi } from '../../app/session.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { isGood, noPassword, PasswordFields } from './password-fields.tsx';

interface SetPasswordDialogProps {
  readonly userName: string;
  readonly onClose: () => void;
}

export function SetPasswordDialog({ userName, onClose }: SetPasswordDialogProps) {
  const { session } = useApi();
  const own = userName === session.UserName;
  const [typed, setTyped] = useState(noPassword);
  const set = useSetPassword(userName, onClose);
  return (
    <FormDialog
      title={own ? 'Change your password' : `Set the password of ${userName}`}
      submitText={own ? 'Change password' : 'Set password'}
      submitDisabled={!isGood(typed)}
      pending={set.isPending}
      error={set.error}
      onSubmit={() => set.mutate(typed.password)}
      onClose={onClose}
    >
      <Box>
        {own
          ? 'You are signed out everywhere else. Your access keys stay as they are.'
          : 'The user is signed out everywhere, and may sign in at once if too many wrong passwords have locked them out. Access keys stay as they are.'}
      </Box>
      <PasswordFields value={typed} onChange={setTyped} />
    </FormDialog>
  );
}

function useSetPassword(userName: string, onClose: () => void) {
  const { repoint, scope, session } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const own = userName === session.UserName;
  return useMutation({
    mutationFn: async (Password: string) => {
      await repoint.send('SetUserPassword', { UserName: userName, SetUserPasswordRequest: { Password } });
      // All sessions of the user have ended, and this page's is one of them.
      if (own) beginSession(await signIn({ AccountId: session.AccountId, UserName: userName, Password }));
    },
    onSuccess: () => {
      notices.done(own ? 'Password changed' : `Password of ${userName} set`);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'users'] });
    },
    // What was typed stays in no cache.
    gcTime: 0,
  });
}
