/** Extra routes of the configuration as rows of the table: tried after all of ours, so they can shadow none. */
import { AppError } from '../core/errors.ts';
import type { ExtraRoute } from './classifier.ts';
import type { Method, RouteRow } from './route.ts';

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies Method[];
const LITERAL = /^[\w.~!$&'()+,;=:@-]+$/;
const BODILESS: readonly string[] = ['GET', 'HEAD'];

/** The rows one extra route stands for. Throws `CONFIG_INVALID` for a pattern or method that cannot be. */
export function extraRows(route: ExtraRoute): readonly RouteRow[] {
  const pattern = templateOf(route.pattern);
  const methods = route.methods.map((method) => checkedMethod(method, route));
  const common = { pattern, asks: [{ res: route.resource, act: route.action }], query: 'all' } as const;
  const rows: RouteRow[] = [];
  for (const group of [methods.filter(isBodiless), methods.filter((method) => !isBodiless(method))]) {
    const [first, ...others] = group;
    if (first === undefined) continue;
    rows.push({
      ...common,
      id: `extra:${route.pattern}`,
      methods: [first, ...others],
      ...(isBodiless(first) ? {} : { body: 'stream' }),
      ...(isBodiless(first) && route.resource === 'pages' ? { page: true, presentation: 'page' } : {}),
    });
  }
  if (route.websocket) {
    rows.push({
      ...common,
      id: `extra:${route.pattern}`,
      methods: ['GET'],
      transport: 'websocket',
      socket: 'tunnel',
    });
  }
  return rows;
}

function templateOf(pattern: string): string {
  if (!pattern.startsWith('/')) throw invalid(pattern, 'expected a pattern that begins with `/`');
  const segments = pattern.slice(1).split('/');
  return segments
    .map((segment, at) => {
      if (segment === '**' && at === segments.length - 1) return '{rest:rest}';
      // Names are for the reader of gate.yaml; they must not be taken for a kernel's or a path's.
      if (/^\{\w+\}$/.test(segment)) return `/{segment${at}}`;
      if (LITERAL.test(segment) && segment !== '.' && segment !== '..') return `/${segment}`;
      throw invalid(
        pattern,
        `expected literal segments, \`{name}\` and a trailing \`/**\`, received \`${segment}\``,
      );
    })
    .join('');
}

function checkedMethod(method: string, route: ExtraRoute): Method {
  if (METHODS.includes(method)) return method as Method;
  throw invalid(route.pattern, `expected a method of ${METHODS.join(', ')}, received \`${method}\``);
}

function isBodiless(method: string): boolean {
  return BODILESS.includes(method);
}

function invalid(pattern: string, detail: string): AppError {
  return new AppError('CONFIG_INVALID', {
    detail,
    problems: [{ at: `routes \`${pattern}\``, message: detail }],
  });
}
