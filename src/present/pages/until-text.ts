/** A moment as pages show it. */

/** In UTC: the pages have no script that could know the reader's zone. */
export function untilText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
