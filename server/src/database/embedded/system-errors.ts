/** Codes of the operating system (`ENOENT`, `EACCES` …). */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** `absent` instead of the file's text when there is no such file. */
export async function unlessMissing<Value, Absent>(value: Promise<Value>, absent: Absent): Promise<Value | Absent> {
  try {
    return await value;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return absent;
    throw error;
  }
}
