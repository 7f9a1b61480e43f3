/** What is mostly known at once: waiting for it anyway costs more than the rest of what is done for a small message. */

export type Soon<Value> = Value | Promise<Value>;

/** `next` of `value`, at once where it is there. */
export function andThen<Value, Next>(value: Soon<Value>, next: (value: Value) => Next): Soon<Next> {
  return value instanceof Promise ? value.then((known) => next(known)) : next(value);
}
