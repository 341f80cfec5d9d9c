/** Later. */
import type { RouteObject } from 'react-router';
export const channelRoutes: RouteObject[] = [];
