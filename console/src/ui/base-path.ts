/** Where the server serves the console. In a file of its own: what runs first reads it, and needs no router for that. */
export const basePath = '/console';
