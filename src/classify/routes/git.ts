/**
 * jupyterlab-git. Nearly everything is a POST, hooks and filters of a repository run on reads too, and paths in bodies
 * are joined without a check: all of it is `execute`. The path in the address is decoded twice upstream.
 */
import type { Method, RouteRow } from '../route.ts';

const OPERATIONS = [
  'add|add_all_unstaged|add_all_untracked|all_history|branch|branch/delete|changed_files|check_notebooks|checkout',
  'clone|commit|config|content|delete_commit|detailed_log|diff|ignore|init|log|merge|pull|push|rebase',
  'remote/add|remote/fetch|remote/show|reset|reset_to_commit|show_prefix|show_top_level|stash|stash_apply|stash_pop',
  'status|strip_notebooks|submodules|tag|tag_checkout|tags|upstream',
].join('|');
const REPOSITORY = `/git{path:once}/{operation:${OPERATIONS}}`;
const SERVER = '/git/{operation:diffnotebook|settings|known_hosts}';

function rows(id: string, pattern: string, path: string | undefined): RouteRow[] {
  const asks = [{ res: 'git', act: 'execute', ...(path === undefined ? {} : { path }) }] as const;
  const row = (methods: readonly [Method, ...Method[]], rest: Partial<RouteRow>): RouteRow => ({
    id: `${id}.${methods[0] === 'GET' ? 'get' : 'send'}`,
    methods,
    pattern,
    asks,
    ...rest,
  });
  return [row(['GET'], { query: 'all' }), row(['POST', 'PUT', 'DELETE'], { query: 'all', body: 'stream' })];
}

export const gitRoutes: readonly RouteRow[] = [
  ...rows('git.server', SERVER, undefined),
  ...rows('git.repository', REPOSITORY, 'path'),
  {
    id: 'git.remote-remove',
    methods: ['DELETE'],
    pattern: String.raw`/git{path:once}/remote/{remote:[\w.-]+}`,
    asks: [{ res: 'git', act: 'execute', path: 'path' }],
  },
];
