/** The OpenAPI 3.1 document, made from the same rows that route, authorize and validate. */
import { z } from 'zod';
import { ERRORS } from '../core/error-table/error-table.ts';
import { API_BASE, LINES } from './answer-endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { problemSchema } from './problem.ts';

type Json = Record<string, unknown>;

const PROBLEM_REF = { $ref: '#/components/schemas/Problem' };

/** The whole document as plain JSON. */
export function openApiDocument(rows: readonly Endpoint[]): Json {
  const schemas: Json = { Problem: plainSchema(problemSchema, {}) };
  const paths: Record<string, Json> = {};
  for (const row of rows) {
    const path = (paths[row.path] ??= {});
    path[row.method.toLowerCase()] = operation(row, schemas);
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Jupyter Gate admin API',
      version: '1',
      description:
        'Users, roles, rules and the model, changed while people work. Bearer tokens with the audience `admin` only.',
      license: { name: 'BSD-3-Clause', identifier: 'BSD-3-Clause' },
    },
    servers: [{ url: API_BASE }],
    security: [{ token: [] }],
    tags: tagsOf(rows),
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'an API token with the audience `admin`' },
      },
      headers: {
        GateRevision: { description: 'revision in force after the change', schema: { type: 'integer' } },
      },
      responses: {
        Problem: { description: 'refused or failed, see docs/errors.md', content: problemContent() },
      },
    },
  };
}

function operation(row: Endpoint, schemas: Json): Json {
  return {
    operationId: operationId(row),
    tags: [tagOf(row)],
    summary: row.summary,
    description: `Asks to \`${row.action}\` \`${row.resource}\`.`,
    parameters: parametersOf(row, schemas),
    ...(row.body === undefined ? {} : { requestBody: requestBody(row, row.body, schemas) }),
    responses: {
      [String(row.status)]: success(row, schemas),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** E.g. `put_users_name_roles_role`: stable as long as the address is. */
export function operationId(row: Pick<Endpoint, 'method' | 'path'>): string {
  return [
    row.method.toLowerCase(),
    ...row.path
      .split('/')
      .filter(Boolean)
      .map((part) => part.replace(/[{}]/g, '')),
  ].join('_');
}

function requestBody(row: Endpoint, body: z.ZodType, schemas: Json): Json {
  const example = row.example === undefined ? {} : { example: row.example };
  return {
    required: row.bodyOptional !== true,
    content: { 'application/json': { schema: plainSchema(body, schemas), ...example } },
  };
}

function success(row: Endpoint, schemas: Json): Json {
  const headers: Json = {};
  if (row.action !== 'read') headers['Gate-Revision'] = { $ref: '#/components/headers/GateRevision' };
  if (row.represent !== undefined && row.answer !== undefined)
    headers['ETag'] = { schema: { type: 'string' } };
  if (row.status === 201) headers['Location'] = { schema: { type: 'string' } };
  return {
    description: row.status === 204 ? 'done' : row.summary,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(row.answer === undefined
      ? {}
      : {
          content: {
            [row.isLines === true ? LINES : 'application/json']: { schema: plainSchema(row.answer, schemas) },
          },
        }),
  };
}

function parametersOf(row: Endpoint, schemas: Json): Json[] {
  const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
    parameter(name ?? '', 'path', { type: 'string' }),
  );
  const conditions =
    row.represent === undefined
      ? []
      : conditionNames(row).map((name) => parameter(name, 'header', { type: 'string' }));
  return [...inPath, ...queryParameters(row, schemas), ...conditions];
}

function conditionNames(row: Endpoint): string[] {
  return row.method === 'GET' ? ['If-None-Match'] : ['If-Match', 'If-None-Match'];
}

function queryParameters(row: Endpoint, schemas: Json): Json[] {
  if (row.query === undefined) return [];
  const { properties = {} } = plainSchema(row.query, schemas) as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, schema]) => parameter(name, 'query', schema));
}

function parameter(name: string, where: 'path' | 'query' | 'header', schema: Json): Json {
  return { name, in: where, required: where === 'path', schema };
}

/** JSON Schema of `schema`; named parts move to `schemas`, the document's components. */
function plainSchema(schema: z.ZodType, schemas: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json & { $defs?: Json };
  for (const [name, part] of Object.entries($defs)) schemas[name] ??= relinked(part);
  const plain = relinked(rest) as Json;
  const { id } = plain;
  if (typeof id !== 'string') return plain;
  schemas[id] ??= withoutId(plain);
  return { $ref: `#/components/schemas/${id}` };
}

/** Inside OpenAPI the named parts lie under components; `id` is zod's name for a part and no JSON Schema keyword. */
function relinked(node: unknown): unknown {
  const text = JSON.stringify(node).replaceAll('#/$defs/', '#/components/schemas/');
  const parsed: unknown = JSON.parse(text);
  return parsed;
}

function withoutId(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'id'));
}

function tagOf(row: Endpoint): string {
  return row.resource.slice('gate:'.length);
}

function tagsOf(rows: readonly Endpoint[]): Json[] {
  return [...new Set(rows.map(tagOf))].map((name) => ({ name }));
}

function problemContent(): Json {
  const { status, message, hint } = ERRORS.ROLE_UNKNOWN;
  const example = {
    type: 'urn:jupyter-gate:error:ROLE_UNKNOWN',
    title: message,
    status,
    code: 'ROLE_UNKNOWN',
    hint,
    detail: 'received `role:vewer`',
  };
  return { 'application/problem+json': { schema: PROBLEM_REF, example } };
}
