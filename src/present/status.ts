/** The server's status, counting only what the asker may see. */
import type { Answer } from '../core/http.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { visibleKernels } from './kernels.ts';
import { isObject, jsonReply, readObject } from './reply.ts';

/** `GET /api/status`. When the kernels cannot be listed the counts are zero: less, never more. */
export async function status({ ask, baseUrl }: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  const model = readObject(reply);
  const { status: code, body } = await ask('GET', `${baseUrl}api/kernels`);
  const listed = code === 200 && Array.isArray(body) ? body.filter(isObject) : [];
  const mine = await visibleKernels(listed, asker);
  const connections = mine.reduce((sum, kernel) => sum + (Number(kernel['connections']) || 0), 0);
  return jsonReply(reply, { ...model, kernels: mine.length, connections });
}
