/** The part of better-sqlite3 12 that the store uses; the package brings no types. */
declare module 'better-sqlite3' {
  export default class Database {
    constructor(path: string, options?: { readonly?: boolean; fileMustExist?: boolean; timeout?: number });
    /** Whether a transaction is open, also one that SQLite opened or ended by itself. */
    readonly inTransaction: boolean;
    exec(sql: string): this;
    prepare(sql: string): { all(): Record<string, unknown>[] };
    pragma(statement: string): unknown;
    close(): this;
  }
}
