/** The bar at the top: region, appearance, and who is signed in. */
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { lazy, Suspense, useState } from 'react';
import { useMatch, useNavigate } from 'react-router';
import { regions } from '../api/region.ts';
import { consoleHref, useFollow } from '../ui/links.ts';
import mark from '../ui/mark.svg';
import { type Appearance, appearances, useAppearance } from './appearance.tsx';
import { useApi } from './session.tsx';

const appearanceTexts: Record<Appearance, string> = { system: 'Like the system', light: 'Light', dark: 'Dark' };

/** Fetched when somebody wants it: the bar is on every page. */
const SetPasswordDialog = lazy(async () => {
  const { SetPasswordDialog: dialog } = await import('../features/users/set-password-dialog.tsx');
  return { default: dialog };
});

export function TopBar() {
  const follow = useFollow();
  const { session } = useApi();
  const [changingPassword, setChangingPassword] = useState(false);
  const utilities = [useRegionMenu(), useAppearanceMenu(), useAccountMenu(() => setChangingPassword(true))];
  return (
    <>
      <TopNavigation
        identity={{
          title: 'Repoint',
          href: consoleHref('/projects'),
          logo: { src: mark, alt: '' },
          onFollow: (event) =>
            follow({ detail: { href: consoleHref('/projects') }, preventDefault: () => event.preventDefault() }),
        }}
        utilities={utilities}
        i18nStrings={{ overflowMenuTriggerText: 'More', overflowMenuTitleText: 'Menu' }}
      />
      {changingPassword ? (
        <Suspense fallback={null}>
          <SetPasswordDialog userName={session.UserName} onClose={() => setChangingPassword(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

function useRegionMenu(): TopNavigationProps.MenuDropdownUtility {
  const { region, changeRegion } = useApi();
  const navigate = useNavigate();
  const projectOpen = useMatch('/projects/:projectId/*') !== null;
  const names: readonly string[] = regions;
  const offered = names.includes(region) ? names : [region, ...names];
  return {
    type: 'menu-dropdown',
    text: region,
    ariaLabel: `Region: ${region}`,
    items: offered.map((name) => ({ id: name, text: name, itemType: 'checkbox', checked: name === region })),
    onItemClick: ({ detail }) => {
      changeRegion(detail.id);
      // A project belongs to one region: elsewhere, its page would only say that it is not there.
      if (projectOpen) void navigate('/projects');
    },
  };
}

function useAppearanceMenu(): TopNavigationProps.MenuDropdownUtility {
  const { appearance, choose } = useAppearance();
  return {
    type: 'menu-dropdown',
    iconName: 'settings',
    ariaLabel: 'Appearance',
    title: 'Appearance',
    items: appearances.map((id) => ({
      id,
      text: appearanceTexts[id],
      itemType: 'checkbox',
      checked: id === appearance,
    })),
    onItemClick: ({ detail }) => choose(detail.id as Appearance),
  };
}

function useAccountMenu(onChangePassword: () => void): TopNavigationProps.MenuDropdownUtility {
  const { session, signOut } = useApi();
  return {
    type: 'menu-dropdown',
    iconName: 'user-profile',
    text: session.UserName,
    description: `Account ${session.AccountId}`,
    ariaLabel: `Signed in as ${session.UserName}`,
    items: [
      { id: 'password', text: 'Change password' },
      { id: 'sign-out', text: 'Sign out' },
    ],
    onItemClick: ({ detail }) => (detail.id === 'password' ? onChangePassword() : void signOut()),
  };
}
