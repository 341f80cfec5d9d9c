import { describe, expect, it } from 'vitest';
import { ConfigurationError, readConfiguration } from './configuration.ts';

describe('readConfiguration', () => {
  it('has the documented defaults when nothing is set', () => {
    const configuration = readConfiguration({});
    expect(configuration).toMatchObject({
      port: 7100,
      host: '127.0.0.1',
      processes: 1,
      quotas: 'none',
      objectStore: 'local',
    });
    expect([...configuration.roles]).toEqual(['api', 'worker', 'scheduler']);
    expect(configuration.dataDirectory).toMatch(/^\/.*\.repoint$/);
    expect(configuration.databaseUrl).toBeUndefined();
  });

  it('treats an empty variable as unset, as compose files produce them', () => {
    expect(readConfiguration({ REPOINT_PORT: '', REPOINT_DATABASE_URL: '' })).toMatchObject({ port: 7100 });
  });

  it('names every fault at once', () => {
    const read = () =>
      readConfiguration({
        REPOINT_PORT: '70000',
        REPOINT_ROLES: 'api,cook',
        REPOINT_DATABASE_URL: 'mysql://x',
        REPOINT_TRUSTED_PROXIES: '10.0.0.0/33',
        REPOINT_ACCESS_KEY_ID: 'AKIA0000000000000000',
        REPOINT_ACCOUNT_ID: '12',
        REPOINT_LOG_LEVEL: 'loud',
      });
    expect(read).toThrow(ConfigurationError);
    try {
      read();
    } catch (error) {
      const { faults } = error as ConfigurationError;
      for (const name of [
        'PORT',
        'ROLES',
        'DATABASE_URL',
        'MASTER_KEY',
        'TRUSTED_PROXIES',
        'SECRET_ACCESS_KEY',
        'ACCOUNT_ID',
        'LOG_LEVEL',
      ]) {
        expect(faults.join('\n')).toContain(`REPOINT_${name}`);
      }
    }
  });

  it('asks for a master key beside an external database', () => {
    expect(() => readConfiguration({ REPOINT_DATABASE_URL: 'postgres://h/d' })).toThrow(
      /REPOINT_MASTER_KEY must be set/,
    );
  });

  it('takes S3 only when its endpoint is set or it is asked for', () => {
    expect(readConfiguration({ AWS_ACCESS_KEY_ID: 'x' }).objectStore).toBe('local');
    expect(readConfiguration({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' }).objectStore).toBe('s3');
    expect(readConfiguration({ REPOINT_OBJECT_STORE: 's3' }).objectStore).toBe('s3');
    expect(readConfiguration({ REPOINT_OBJECT_STORE: 'local', AWS_ENDPOINT_URL_S3: 'http://x' }).objectStore).toBe(
      'local',
    );
  });

  it('reads base URLs of providers, and nothing else in their place', () => {
    expect(readConfiguration({}).providerUrls).toEqual({});
    expect(readConfiguration({ REPOINT_PROVIDER_URLS: '{"APNS":"https://127.0.0.1:8443"}' }).providerUrls).toEqual({
      APNS: 'https://127.0.0.1:8443',
    });
    for (const wrong of ['https://127.0.0.1', '["https://x"]', '{"APNS":1}', '{"APNS":"ftp://x"}', 'null']) {
      expect(() => readConfiguration({ REPOINT_PROVIDER_URLS: wrong })).toThrow(/REPOINT_PROVIDER_URLS must be/);
    }
  });

  it('reads networks of both families', () => {
    expect(readConfiguration({ REPOINT_TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8,127.0.0.1' }).trustedProxies).toEqual([
      '10.0.0.0/8',
      'fd00::/8',
      '127.0.0.1',
    ]);
  });
});
