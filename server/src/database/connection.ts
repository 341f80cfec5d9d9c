/** Where the database is. A URL, because it must also travel to child processes. */

export interface DatabaseConnection {
  /** `postgresql://…`; for the embedded server one whose `host` parameter is the directory of its Unix socket. */
  readonly url: string;
}

/** The URL of a database reached through a Unix socket. */
export function socketUrl(parts: { directory: string; user: string; password: string; database: string }): string {
  const url = new URL('postgresql://host');
  url.username = parts.user;
  url.password = parts.password;
  url.pathname = `/${parts.database}`;
  url.searchParams.set('host', parts.directory);
  return url.href.replace('@host/', '@/');
}

/** The same server, another database. */
export function withDatabase({ url }: DatabaseConnection, database: string): DatabaseConnection {
  return { url: url.replace(/^([^/]*\/\/[^/]*\/)[^?]*/, `$1${database}`) };
}
