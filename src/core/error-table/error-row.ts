/** One error of the table. */
export interface ErrorRow {
  readonly status: number;
  /** Public sentence: lower case, no final stop. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint: string;
}
