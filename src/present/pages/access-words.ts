/** What may be asked for and what stands in the way, in words for people. */
import type { AccessAdvice, AskedThing, NearestRule } from '../../core/access-advice.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { sentence } from './layout.ts';

/** What people do when they ask for an action on a resource: followed by a path, and alone. */
const DEEDS: Readonly<Record<string, readonly [at: string, alone: string]>> = {
  'read contents': ['open', 'see files'],
  'write contents': ['change', 'change files'],
  'read checkpoints': ['see the checkpoints of', 'see checkpoints'],
  'write checkpoints': ['make or restore checkpoints of', 'make or restore checkpoints'],
  'write trust': ['trust', 'trust notebooks'],
  'read files': ['download', 'download files'],
  'read nbconvert': ['export', 'export notebooks'],
  'execute nbconvert': ['convert', 'convert notebooks'],
  'execute kernels': ['run code in', 'run code'],
  'execute channels': ['run code in', 'run code'],
  'read kernels': ['see the kernel of', 'see kernels'],
  'read channels': ['follow the kernel of', 'follow kernels'],
  'write kernels': ['stop or restart the kernel of', 'stop or restart kernels'],
  'write sessions': ['open a session for', 'open sessions'],
  'execute terminals': ['open a terminal in', 'open a terminal'],
  'read terminals': ['see the terminals of', 'see terminals'],
  'read pages': ['open the page of', 'open the pages of Jupyter'],
};

/** `open /lectures/one.ipynb`, `open a terminal`. */
export function deedText({ act, res, path }: AskedThing): Html {
  const [at, alone] = DEEDS[`${act} ${res}`] ?? [`${act} ${res} at`, `${act} ${res}`];
  return path === '' ? html`${alone}` : html`${at} <code>${path}</code>`;
}

/** The nearest rule and the smallest role, each in a sentence. */
export function adviceText({ isKnown, nearest, role, thing }: AccessAdvice): Html {
  return html`${nearest !== undefined && html`<p>${nearestText(nearest, thing)}</p>`}
  ${(isKnown || role !== undefined) && html`<p>${roleText(role, nearest)}</p>`}
  ${
    !isKnown &&
    html`<p class="soft">
      If you were given this address, you can ask for access to it. This page says the same whether or not
      there is something here.
    </p>`
  }`;
}

function nearestText({ holder, acts, path, lacks }: NearestRule, { act }: AskedThing): Html {
  const allowed = acts.replaceAll('|', ' and ').replace('*', 'everything');
  const where = path === '**' || path === '/**' ? html`` : html` in <code>${path}</code>`;
  const whose = holderText(holder);
  switch (lacks) {
    case 'effect':
      return html`A rule of ${whose} refuses ${allowed}${where}.`;
    case 'action':
      return html`The nearest rule is of ${whose}: it allows ${allowed}${where}, but not ${act}.`;
    case 'path':
      return html`The nearest rule is of ${whose}: it allows ${allowed}, but only${where}.`;
    case 'condition':
      return html`The nearest rule is of ${whose}: it allows ${allowed}${where}, but its condition does not
      hold, such as a time, a place or whose it is.`;
  }
}

function holderText(holder: string): Html {
  if (holder === 'role:everyone') return html`everybody who is signed in`;
  return holder.startsWith('role:')
    ? html`your role <strong>${holder.replace('role:', '')}</strong>`
    : html`your own`;
}

function roleText(role: AccessAdvice['role'], nearest: NearestRule | undefined): Html {
  if (role !== undefined) {
    const what = role.description === '' ? html`` : html` (${sentence(role.description).replace(/\.$/, '')})`;
    return html`The role <strong>${role.name.replace('role:', '')}</strong>${what} would allow it.`;
  }
  if (nearest?.lacks === 'effect') return html`While that rule stands, no role would allow it.`;
  return html`No role that there is would allow it by itself.`;
}
