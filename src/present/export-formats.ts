/** The formats in a frontend's menu: those the person may have. */
import { TEXT_FORMATS } from '../core/export-formats.ts';
import type { Answer } from '../core/http.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { bodyReply, jsonReply, readObject } from './reply.ts';

/** `GET /api/nbconvert`. The rest runs programs over the notebook, and is `execute` on some path. */
export async function exportFormats(_deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  if (await asker.mayAnywhere('nbconvert', 'execute')) return bodyReply(reply, reply.body);
  const formats = Object.entries(readObject(reply)).filter(([format]) => TEXT_FORMATS.includes(format));
  return jsonReply(reply, Object.fromEntries(formats));
}
