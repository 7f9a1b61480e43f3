/** What is mostly known at once: waiting for it anyway costs more than the rest of what is done for a small message. */

export type Soon<Value> = Value | Promise<Value>;

/** What `use` makes of `value`, at once where it is there. */
export function andThen<Value, Made>(value: Soon<Value>, use: (value: Value) => Soon<Made>): Soon<Made> {
  return value instanceof Promise ? value.then((known) => use(known)) : use(value);
}
