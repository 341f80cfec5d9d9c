/** Speech as text or as SSML (dossier/messaging §10: a body that begins with `<speak>`). */

export function isSsml(body: string): boolean {
  return /^\s*<speak[\s>]/.test(body);
}
