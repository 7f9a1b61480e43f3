/** A text field of a reply, `''` when it is not there. */
export function text(body: unknown, field: string): string {
  const value = (body as Readonly<Record<string, unknown>> | null)?.[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
