/** Later. */
import type { RouteObject } from 'react-router';
export const templateRoutes: RouteObject[] = [];
