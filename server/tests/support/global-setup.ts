/**
 * Before the first test that needs a database: one server for the whole run and a migrated template in it. Set
 * REPOINT_TEST_DATABASE_URL to run against a server of your own instead (its user must be allowed to create databases).
 */
import type { TestProject } from 'vitest/node';
import { makeTemplate, startThrowAwayServer, type ThrowAwayServer } from './throw-away-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    testServerUrl: string;
  }
}

let server: ThrowAwayServer | undefined;

export async function setup(project: TestProject): Promise<void> {
  const external = process.env['REPOINT_TEST_DATABASE_URL'];
  server = external === undefined ? await startThrowAwayServer() : undefined;
  const connection = server?.connection ?? { url: external as string };
  await makeTemplate(connection);
  project.provide('testServerUrl', connection.url);
}

export async function teardown(): Promise<void> {
  await server?.stop();
}
