import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { socketUrl, withDatabase } from './connection.ts';

const directory = '/srv/täst dir/with@and:and?#/socket';

describe('socketUrl', () => {
  it('is read by pg as it was meant, whatever the path', () => {
    const url = socketUrl({ directory, user: 'repoint', password: 'p/@:?', database: 'repoint' });
    const client = new pg.Client({ connectionString: url });
    expect(client).toMatchObject({
      host: directory,
      port: 5432,
      user: 'repoint',
      password: 'p/@:?',
      database: 'repoint',
    });
  });
});

describe('withDatabase', () => {
  it('changes the database and nothing else', () => {
    const url = socketUrl({ directory, user: 'repoint', password: 'p/@:?', database: 'repoint' });
    const client = new pg.Client({ connectionString: withDatabase({ url }, 'other').url });
    expect(client).toMatchObject({ host: directory, user: 'repoint', password: 'p/@:?', database: 'other' });
    expect(withDatabase({ url: 'postgres://u:p@db.example:5433/a?sslmode=require' }, 'b').url).toBe(
      'postgres://u:p@db.example:5433/b?sslmode=require',
    );
  });
});
