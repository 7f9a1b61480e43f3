/**
 * Changes `writable` at the end of a large contents model without parsing it: a notebook of many megabytes costs nothing
 * then, and numbers that JavaScript cannot hold stay as they are.
 *
 * Jupyter ends the model of a file with these keys, in this order (jupyter_server `_base_model`, `_save_…`). The pattern is
 * anchored at the last byte and holds only structural quotes (inside a JSON string a quote has a backslash before it,
 * here a space or `{`), so what it finds is the outermost object's own key and the last one of that name.
 */
const TAIL =
  /, "writable": (true|false), "hash": (?:null|"[0-9a-f]*"), "hash_algorithm": (?:null|"[a-z0-9_-]*"), "type": "(?:notebook|file)"\}\s*$/;

/** How much of the end is looked at, bytes; the pattern's longest match is far shorter. */
const WINDOW = 512;

/**
 * The body of a file's model with `writable` lowered to false unless `mayWrite`; never raised. Undefined when the end
 * does not have the expected shape and the model must be parsed.
 */
export function lowerWritable(body: Buffer, mayWrite: boolean): Buffer | undefined {
  const start = Math.max(0, body.length - WINDOW);
  const found = TAIL.exec(body.subarray(start).toString('latin1'));
  const value = found?.[1];
  if (found === null || value === undefined) return undefined;
  if (mayWrite || value === 'false') return body;
  const at = start + found.index + ', "writable": '.length;
  return Buffer.concat([body.subarray(0, at), Buffer.from('false'), body.subarray(at + value.length)]);
}
