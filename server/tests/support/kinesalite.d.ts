/** What we use of `kinesalite` 3.3.3, which has no types of its own. */
declare module 'kinesalite' {
  import type { Server } from 'node:http';

  function kinesalite(options?: { readonly createStreamMs?: number; readonly shardLimit?: number }): Server;
  export = kinesalite;
}
