/** Going on to the page of what was made: only for somebody who still waits for it. */
import { type NavigateOptions, useLocation, useNavigate } from 'react-router';
import { consoleHref } from '../ui/links.ts';

/**
 * Leads on from the page on which it is used. An answer that comes late takes nobody away from the page that they have
 * opened in the meantime.
 */
export function useNavigateFromHere(): (to: string, options?: NavigateOptions) => void {
  const navigate = useNavigate();
  // Of the page as it was drawn last: one segment can follow another on the same page.
  const { pathname } = useLocation();
  return (to, options) => {
    const here = new URL(consoleHref(pathname), window.location.origin).pathname;
    if (window.location.pathname === here) void navigate(to, options);
  };
}
