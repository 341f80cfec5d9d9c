/** Lines below each other that belong together, without the marks and margins of a list. */
import type { ReactNode } from 'react';
import './plain-list.css';

export function PlainList({ items }: { readonly items: readonly (readonly [key: string, content: ReactNode])[] }) {
  return (
    <ul className="plain-list">
      {items.map(([key, content]) => (
        <li key={key}>{content}</li>
      ))}
    </ul>
  );
}
