/** The breadcrumbs: the page that is open says where it stands, the layout shows it above the page. */
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { consoleHref, useFollow } from './links.ts';

export interface TrailStep {
  readonly text: string;
  readonly path: string;
}

interface Place {
  readonly title: string;
  readonly parents: readonly TrailStep[];
}

const TrailContext = createContext<{ place: Place; stand(place: Place): void } | undefined>(undefined);

export function TrailProvider({ children }: { readonly children: ReactNode }) {
  const [place, stand] = useState<Place>({ title: '', parents: [] });
  const value = useMemo(() => ({ place, stand }), [place]);
  return <TrailContext value={value}>{children}</TrailContext>;
}

/** Says where this page stands. `parents` must be the same list at each rendering. */
export function usePlace(title: string, parents: readonly TrailStep[]): void {
  const { stand } = useTrail();
  useEffect(() => {
    stand({ title, parents });
    document.title = `${title} · Repoint`;
  }, [stand, title, parents]);
}

export function Trail() {
  const { place } = useTrail();
  const follow = useFollow();
  const steps = [{ text: 'Repoint', path: '/projects' }, ...place.parents];
  const items = [
    ...steps.map(({ text, path }) => ({ text, href: consoleHref(path) })),
    { text: place.title, href: '#' },
  ];
  return <BreadcrumbGroup items={items} onFollow={follow} ariaLabel="Breadcrumbs" />;
}

function useTrail() {
  const trail = useContext(TrailContext);
  if (trail === undefined) throw new Error('TrailProvider is missing');
  return trail;
}
