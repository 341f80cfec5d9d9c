/** Later. */
import type { RouteObject } from 'react-router';
export const transactionalRoutes: RouteObject[] = [];
