/** Going on to the page of what was made: only for somebody who still waits for it. */
import { useState } from 'react';
import { type NavigateOptions, useNavigate } from 'react-router';

/**
 * Leads on from the page on which it is used. An answer that comes late takes nobody away from the page that they have
 * opened in the meantime.
 */
export function useNavigateFromHere(): (to: string, options?: NavigateOptions) => void {
  const navigate = useNavigate();
  const [here] = useState(() => window.location.pathname);
  return (to, options) => {
    if (window.location.pathname === here) void navigate(to, options);
  };
}
