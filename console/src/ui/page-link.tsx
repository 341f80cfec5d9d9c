/** A link to a page of the console. */
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { consoleHref, useFollow } from './links.ts';

export function PageLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  const follow = useFollow();
  return (
    <Link href={consoleHref(to)} onFollow={follow}>
      {children}
    </Link>
  );
}
