/** docs/api.md, made from the same rows as everything else. */
import { API_BASE } from './answer-endpoint.ts';
import type { Endpoint } from './endpoint.ts';

const HEAD = `# The admin API

<!-- Written by scripts/write-api-docs.ts from the endpoints themselves. -->

It listens on an address of its own (\`--admin-host\`, \`--admin-port\`; \`127.0.0.1:8001\` unless told otherwise), below \`${API_BASE}\`. The whole of it, with every field, is at
\`${API_BASE}/openapi.json\` (OpenAPI 3.1), readable with any valid token for this listener.

\`\`\`console
$ TOKEN=$(cat .jupyter-gate/admin.token)
$ curl -X PUT -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8001${API_BASE}/users/student1/roles/temporary
\`\`\`

- **Where**: it answers to its own address and the loopback names only, so that a name that somebody else points at it leads nowhere. Behind the name of a service in a cluster, say so:
  \`--admin-name gate-admin.lab.svc:80\`, exact and repeatable; without \`:PORT\` it is the port it listens on.
- **Who may**: \`Authorization: Bearer TOKEN\`, a token with the audience \`admin\`. No cookie counts here, and a browser on another site is refused by \`Origin\` and \`Host\`. Each row below asks
  the enforcer for the resource and action it names; the holder of the admin token (\`gate:root\`) stands outside the model. Nobody gives more than they hold (\`BEYOND_OWN_RIGHTS\`), and
  somebody who may change the model is always left (\`LAST_ADMIN\`).
- **Writes** are durable and in force when they are answered; \`Gate-Revision\` names the revision. Asking again for what is so already changes nothing and raises no revision.
- **Single resources** carry a strong \`ETag\`. \`If-Match\` on a write is checked in the same transaction (412), \`If-None-Match\` on a read answers 304.
- **Collections** answer \`{"items": […], "next": cursor}\`; send \`next\` as \`?after=\`, and \`?limit=\` from 1 to 500.
- **Errors** are \`application/problem+json\` with a stable \`code\` ([errors.md](errors.md)); \`errors\` names each field or line. Fields that are not known are refused.
- **Times** are RFC 3339. An \`expires_at\` that is left out stays as it is; \`null\` takes the end away.
- \`/healthz\`, \`/readyz\` and \`/metrics\` (Prometheus) are on the same listener and need no token: they tell states and counts, never names.
`;

/** The page; a test holds docs/api.md equal to it. */
export function apiPage(rows: readonly Endpoint[]): string {
  const resources = [...new Set(rows.map((row) => row.resource))];
  const sections = resources.map((resource) =>
    section(
      resource,
      rows.filter((row) => row.resource === resource),
    ),
  );
  return [HEAD, ...sections].join('\n');
}

function section(resource: string, rows: readonly Endpoint[]): string {
  const lines = rows.map(
    (row) => `| \`${row.method} ${row.path}\` | ${row.action} | ${escaped(row.summary)} | ${example(row)} |`,
  );
  return [
    `## \`${resource}\``,
    '',
    // The formatter would pad the table to the width of its longest cell.
    '<!-- prettier-ignore -->',
    '| request | action | does | for example |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

function example(row: Endpoint): string {
  return row.example === undefined ? '' : `\`${escaped(JSON.stringify(row.example))}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
