/** Kernel specifications without what their author keeps secret in them. */
import type { Answer } from '../core/http.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { isObject, jsonReply, readObject } from './reply.ts';
import type { JsonObject } from './reply.ts';

/**
 * `GET /api/kernelspecs` and `GET /api/kernelspecs/{name}`: `env` often holds passwords, and the configuration of a
 * kernel provisioner holds credentials of where it starts kernels. No frontend reads either.
 */
export function kernelspecs(_deps: PresentDeps, { reply }: Exchange): Answer {
  const model = readObject(reply);
  const all = model['kernelspecs'];
  if (!isObject(all)) return jsonReply(reply, harmless(model));
  const specs = Object.entries(all).map(([name, entry]) => [name, isObject(entry) ? harmless(entry) : null]);
  return jsonReply(reply, { ...model, kernelspecs: Object.fromEntries(specs) });
}

/** An entry `{name, spec, resources}`, or a bare kernel.json. */
function harmless(entry: JsonObject): JsonObject {
  const { spec } = entry;
  return isObject(spec) ? { ...entry, spec: withoutSecrets(spec) } : withoutSecrets(entry);
}

function withoutSecrets(spec: JsonObject): JsonObject {
  const { metadata, ...rest } = spec;
  const bare = 'env' in rest ? { ...rest, env: {} } : rest;
  if (!isObject(metadata)) return bare;
  const { kernel_provisioner: _provisioner, ...kept } = metadata;
  return { ...bare, metadata: kept };
}
