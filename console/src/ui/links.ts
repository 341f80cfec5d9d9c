/** Links inside the console: real addresses (so that they open in a new tab), followed without loading a page. */
import { useNavigate } from 'react-router';
import { basePath } from './base-path.ts';

/** The address of a page, `/console/projects` for `/projects`. */
export function consoleHref(path: string): string {
  return basePath + path;
}

interface FollowEvent {
  readonly detail: { readonly href?: string | undefined; readonly external?: boolean | undefined };
  preventDefault(): void;
}

/** For `onFollow` of the design system's links: stays in the page when the link points into the console. */
export function useFollow(): (event: FollowEvent) => void {
  const navigate = useNavigate();
  return (event) => {
    const { href, external } = event.detail;
    if (external === true || href === undefined || !href.startsWith(`${basePath}/`)) return;
    event.preventDefault();
    void navigate(href.slice(basePath.length));
  };
}
