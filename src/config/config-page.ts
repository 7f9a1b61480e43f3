/** The page docs/config.md: an introduction, the table of options, the routes. */
import { optionsTable } from './describe-options.ts';

/** The whole page; `npm run docs:config` writes it. */
export function configPage(): string {
  return `${INTRODUCTION}\n<!-- prettier-ignore -->\n${optionsTable()}\n\n${ROUTES}`;
}

const INTRODUCTION = `# Configuration

Every option has one name in three forms: a flag (\`--admin-port 9001\`), an environment variable (\`JUPYTER_GATE_ADMIN_PORT=9001\`)
and a key in \`gate.yaml\` (\`admin-port: 9001\`). Flags win over the environment, the environment over the file, the file over the
defaults. An empty variable counts as not set.

- The gate checks everything at start and reports all problems at once; an option it does not know is a problem too.
- Relative paths start from the working directory, in \`gate.yaml\` from the directory of that file.
- Lists: repeat the flag, put commas into the variable, write a YAML list.
- Secrets belong into the environment or a file. Where they are shown, they are shown as \`***\`.
- Half a security measure is refused: a certificate without key, a token for no server, an admin token of a few letters.
- Nothing of the gate's own (data, database, model, \`gate.yaml\`, keys) may lie in the directory that Jupyter serves, because
  whoever may write there could change it.
- Variables that Kubernetes sets for a service called \`jupyter-gate\` (\`JUPYTER_GATE_PORT=tcp://…\`) are ignored.

This page is made from the table in \`src/config/options.ts\`.
`;

const ROUTES = `## Routes of Jupyter extensions

The gate refuses every address it does not know. \`routes\` describes those of an extension:

\`\`\`yaml
routes:
  - pattern: /voila/*
    methods: [GET]
    resource: extensions
    action: read
  - pattern: /my-extension/socket
    methods: [GET]
    resource: extensions
    action: execute
    websocket: true
\`\`\`

\`methods\` is \`[GET]\` and \`websocket\` is \`false\` when left out. \`resource\` and \`action\` are those of docs/policy.md; the resources of
the gate itself cannot be named here. What really runs code should be \`execute\`, whatever its method is.
`;
