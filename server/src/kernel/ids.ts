/** Identifiers made by the server. */
import { randomUUID } from 'node:crypto';

/** 32 lower-case hex characters: the form of project, segment, campaign and job ids (dossier/audience §1.1). */
export function newId(): string {
  return randomUUID().replaceAll('-', '');
}

/** The form of request ids: a UUID with dashes. */
export function newRequestId(): string {
  return randomUUID();
}
