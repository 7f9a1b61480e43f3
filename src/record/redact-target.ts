/** Request targets as they may stand in a log. */

/** Query parameters that hold a credential: API tokens, `_xsrf`, codes of sign-in links, invitations and single sign-on. */
const SECRET = new Set([
  'token',
  '_xsrf',
  'code',
  'link',
  'invitation',
  'state',
  'password',
  'access_token',
  'id_token',
  'ticket',
]);
const REDACTED = '[redacted]';

/** `target` with the values of secret query parameters replaced; names that are percent-encoded are found too. */
export function redactTarget(target: string): string {
  const cut = target.indexOf('?');
  if (cut < 0) return target;
  const pairs = target
    .slice(cut + 1)
    .split('&')
    .map(redactPair);
  return `${target.slice(0, cut)}?${pairs.join('&')}`;
}

function redactPair(pair: string): string {
  const cut = pair.indexOf('=');
  if (cut < 0) return pair;
  const name = new URLSearchParams(pair).keys().next().value ?? '';
  return SECRET.has(name.toLowerCase()) ? `${pair.slice(0, cut)}=${REDACTED}` : pair;
}
