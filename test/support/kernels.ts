/** Proof from outside of the browser: which kernels there really are, whoever owns them. */
import type { Visit } from './browser.ts';
import type { RunningGate } from './running-gate.ts';

/** A look at the ids of all kernels of the server, with a right no preset gives. */
export async function kernelObserver(gate: RunningGate): Promise<() => Promise<string[]>> {
  const token = await gate.person('observer');
  const rule = { fields: { sub: 'observer', res: 'kernels', act: 'read', path: '**' } };
  const { status, body } = await gate.admin('POST', '/rules', rule);
  if (status !== 201) throw new Error(`the rule of the observer was refused: ${JSON.stringify(body)}`);
  return async () => {
    const kernels = (await (await gate.as(token, 'GET', '/api/kernels')).json()) as { id: string }[];
    return kernels.map(({ id }) => id);
  };
}

/** Requests of a visit that started a kernel. */
export function kernelStarts({ answers }: Visit): string[] {
  return answers.filter((line) => /^POST \S*\/api\/(?:sessions|kernels)\S* 2/.test(line));
}
