/** A short message above the page: what was done. It stays until it is dismissed or the next one takes its place. */
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';

interface Notices {
  readonly items: readonly FlashbarProps.MessageDefinition[];
  done(text: string): void;
}

const NoticesContext = createContext<Notices | undefined>(undefined);

export function NoticesProvider({ children }: { readonly children: ReactNode }) {
  const [items, setItems] = useState<readonly FlashbarProps.MessageDefinition[]>([]);
  const count = useRef(0);
  const done = useCallback((text: string) => {
    count.current += 1;
    const id = String(count.current);
    const onDismiss = () => setItems((current) => current.filter((item) => item.id !== id));
    setItems([{ id, type: 'success', content: text, dismissible: true, dismissLabel: 'Dismiss', onDismiss }]);
  }, []);
  const value = useMemo(() => ({ items, done }), [items, done]);
  return <NoticesContext value={value}>{children}</NoticesContext>;
}

/** `done('Project deleted')` after something succeeded. Errors are shown where they happened, not here. */
export function useNotices(): Notices {
  const notices = useContext(NoticesContext);
  if (notices === undefined) throw new Error('NoticesProvider is missing');
  return notices;
}

export function NoticesBar() {
  return <Flashbar items={useNotices().items} />;
}
