/** Light or dark: as the system is, or as chosen here; the choice is remembered in this browser. */
import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';

export const appearances = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof appearances)[number];

interface AppearanceSetting {
  readonly appearance: Appearance;
  choose(appearance: Appearance): void;
}

const storageKey = 'repoint.appearance';
const AppearanceContext = createContext<AppearanceSetting | undefined>(undefined);
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');

export function AppearanceProvider({ children }: { readonly children: ReactNode }) {
  const [appearance, setAppearance] = useState(remembered);
  const dark = useSyncExternalStore(subscribeToSystem, () => systemIsDark.matches);
  const mode = appearance === 'dark' || (appearance === 'system' && dark) ? Mode.Dark : Mode.Light;
  useEffect(() => {
    applyMode(mode);
    document.documentElement.dataset['appearance'] = mode;
  }, [mode]);
  const value = useMemo(() => {
    const choose = (chosen: Appearance) => {
      localStorage.setItem(storageKey, chosen);
      setAppearance(chosen);
    };
    return { appearance, choose };
  }, [appearance]);
  return <AppearanceContext value={value}>{children}</AppearanceContext>;
}

export function useAppearance(): AppearanceSetting {
  const setting = useContext(AppearanceContext);
  if (setting === undefined) throw new Error('AppearanceProvider is missing');
  return setting;
}

function subscribeToSystem(listener: () => void): () => void {
  systemIsDark.addEventListener('change', listener);
  return () => systemIsDark.removeEventListener('change', listener);
}

function remembered(): Appearance {
  const stored = localStorage.getItem(storageKey);
  return appearances.find((appearance) => appearance === stored) ?? 'system';
}
