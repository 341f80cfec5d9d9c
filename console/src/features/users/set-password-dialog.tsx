/** Another password for somebody: another user's, which also ends a lockout, or one's own, by the present one. */
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SetUserPasswordRequest, SignInRequest } from '../../../../server/src/contract/repoint-types.ts';
import { ApiError } from '../../api/errors.ts';
import { signIn } from '../../api/repoint.ts';
import { beginSession, endSession } from '../../api/session.ts';
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
  const [present, setPresent] = useState('');
  const [typed, setTyped] = useState(noPassword);
  const set = useSetPassword(userName, onClose);
  const refused = set.error instanceof ApiError && set.error.status < 500;
  const request = { Password: typed.password, ...(own && { CurrentPassword: present }) };
  return (
    <FormDialog
      title={own ? 'Change your password' : `Set the password of ${userName}`}
      submitText={own ? 'Change password' : 'Set password'}
      submitDisabled={!isGood(typed) || (own && present === '')}
      pending={set.isPending}
      error={set.error}
      errorTitle={own && refused ? 'Your password was not changed' : undefined}
      onSubmit={() => set.mutate(request)}
      onClose={onClose}
    >
      <Box>
        {own
          ? 'You are signed out everywhere else. Your access keys stay as they are.'
          : 'The user is signed out everywhere, and may sign in at once if too many wrong passwords have locked them out. Access keys stay as they are.'}
      </Box>
      {own ? (
        <FormField label="Present password">
          <Input
            value={present}
            onChange={({ detail }) => setPresent(detail.value)}
            type="password"
            autoComplete="current-password"
            autoFocus
          />
        </FormField>
      ) : null}
      <PasswordFields value={typed} onChange={setTyped} autoFocus={!own} />
    </FormDialog>
  );
}

function useSetPassword(userName: string, onClose: () => void) {
  const { repoint, scope, session } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const own = userName === session.UserName;
  return useMutation({
    mutationFn: async (request: SetUserPasswordRequest) => {
      await repoint.send('SetUserPassword', { UserName: userName, SetUserPasswordRequest: request });
      // All sessions of the user have ended, and this page's is one of them.
      if (own) await signInAgain({ AccountId: session.AccountId, UserName: userName, Password: request.Password });
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

/** The password is changed already: an answer that fails here must not look as if it were not. */
async function signInAgain(request: SignInRequest): Promise<void> {
  try {
    beginSession(await signIn(request));
  } catch {
    // The sign-in page asks for the new one, and says itself what is wrong.
    endSession('ended');
  }
}
