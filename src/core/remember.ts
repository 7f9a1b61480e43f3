/** Answers to what is asked again with nearly every request, such as what becomes of a header of that name. */

/** Longer keys are computed each time: they come from outside, and what is kept of them must stay small. */
const LONGEST = 128;

/** `compute`, which depends on its key alone, asked once for each of up to `limit` keys; then it starts anew. What throws is not kept. */
export function remember<Value>(compute: (key: string) => Value, limit = 256): (key: string) => Value {
  let known = new Map<string, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = compute(key);
    if (key.length > LONGEST) return value;
    if (known.size >= limit) known = new Map();
    known.set(key, value);
    return value;
  };
}
