/** Reading one field of JSON that nobody has checked. */

/** The field `name` of `model`; undefined where there is none, or `model` is no object. */
export function fieldOf(model: unknown, name: string): unknown {
  return typeof model === 'object' && model !== null ? Reflect.get(model, name) : undefined;
}
