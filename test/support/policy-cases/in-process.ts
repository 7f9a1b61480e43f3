/** A policy case against classifier and enforcer alone: no socket, no database, no Jupyter. */
import { fileURLToPath } from 'node:url';
import { createClassifier } from '../../../src/classify/create-classifier.ts';
import { parseJsonBody } from '../../../src/classify/json-body.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { canonicalPath } from '../../../src/core/canonical-path.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { Identity } from '../../../src/core/identity.ts';
import type { ObjectRecord, ObjectRegistry } from '../../../src/core/objects.ts';
import type { Question } from '../../../src/core/question.ts';
import { createDecider } from '../../../src/decide/create-decider.ts';
import { loadPresets, presetRuleFields } from '../../../src/decide/presets.ts';
import { createPolicyJudge } from '../../../src/gate/policy-judge.ts';
import { createQuestions } from '../../../src/gate/questions.ts';
import { grant, policy, PROJECT, rule } from '../decide-policy.ts';
import { filledIn, ruleInWords } from '../policy-cases.ts';
import type { PolicyCase, PolicyObject, PolicyWorld } from '../policy-cases.ts';

export interface Said {
  /** `ALLOWED`, the code of the refusing verdict, or the error of classify. */
  readonly verdict: string;
  readonly asks: readonly string[];
  readonly rules: readonly string[];
}

/** A function that says what classifier and enforcer make of a case in `world`, with the presets and the default model. */
export async function policyInProcess(
  world: PolicyWorld,
  jsonBodyLimit: number,
): Promise<(each: PolicyCase) => Promise<Said>> {
  const ids = Object.fromEntries(
    Object.entries(world.objects).map(([name, object], index) => [name, idFor(object, index)]),
  );
  const records = Object.entries(world.objects).flatMap(([name, object]) => recordsOf(name, object, ids));
  const rules = [
    ...loadPresets(fileURLToPath(new URL('presets', PROJECT))).flatMap((preset) =>
      preset.roles.flatMap((role) => role.rules.map((each) => presetRuleFields(role, each))),
    ),
    ...world.rules,
  ].map((fields, index) => rule(index + 1, fields));
  const grants = Object.entries(world.people)
    .flatMap(([name, roles]) => roles.map((role) => [name, `role:${role}`] as const))
    .map(([name, role], index) => grant(index + 1, name, role));
  const decider = createDecider({ clock: systemClock }, { allowDefaultAllow: false });
  decider.swap(await decider.build(policy({ rules, grants })));
  const questions = createQuestions({
    server: 'default',
    registry: registryOf(records),
    judge: createPolicyJudge(decider),
    localTime: () => '2026-03-02T10:15:30+01:00',
  });
  const classifier = createClassifier({ baseUrl: '/', extraRoutes: [], jsonBodyLimit });

  return async (each) => {
    const { verb, target, body } = filledIn(each, ids);
    const socket = verb === 'WS';
    const identity = identityOf(each);
    try {
      const match = classifier.match(socket ? 'GET' : verb, target, socket ? 'websocket' : 'http');
      const type = each.headers['content-type'] ?? 'application/json';
      const input =
        match.body === 'json'
          ? parseJsonBody(body ?? Buffer.alloc(0), type, each.headers['content-encoding'])
          : undefined;
      const client = { address: '127.0.0.1', origin: '', host: '', secure: false };
      const asked = match
        .classify(input)
        .questions.map((draft) => questions.complete(draft, { identity, client }));
      const { verdict } = await questions.askAll(asked, identity);
      const named = verdict.rules.map((id) => ruleInWords(rules[id - 1] ?? rule(0, {})));
      return { verdict: verdict.code, asks: asked.map(inWords), rules: named };
    } catch (error) {
      if (error instanceof AppError) return { verdict: error.code, asks: [], rules: [] };
      throw error;
    }
  };
}

function inWords({ act, res, path, own }: Question): string {
  return [act, res, path, own === '' ? '' : `by ${own}`].filter((word) => word !== '').join(' ');
}

function identityOf({ who, by }: PolicyCase): Identity {
  return {
    subject: who === 'anonymous' ? 'guest:0123456789abcdef0123456789abcdef' : who,
    displayName: who,
    credential: who === 'anonymous' ? 'none' : 'token',
    roles: by === 'narrowed token' ? ['role:temporary'] : null,
    credentialId: null,
    ambient: false,
    xsrf: null,
    expiresAt: null,
  };
}

function idFor(object: PolicyObject, index: number): string {
  const isTerminal = 'terminal' in object || ('unknown' in object && object.unknown === 'terminal');
  return isTerminal ? `t${index}` : `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** What the registry holds of one object; a session comes with its kernel. */
function recordsOf(
  name: string,
  object: PolicyObject,
  ids: Readonly<Record<string, string>>,
): ObjectRecord[] {
  if ('unknown' in object) return [];
  const common = { server: 'default', owner: object.owner, createdAt: 0 };
  const id = ids[name] ?? '';
  if ('terminal' in object)
    return [{ ...common, kind: 'terminal', id, path: '', origin: '', kernelId: null }];
  if ('session' in object) {
    const path = canonicalPath(object.session);
    const kernelId = ids[object.kernel] ?? '';
    return [
      { ...common, kind: 'session', id, path, origin: path, kernelId },
      { ...common, kind: 'kernel', id: kernelId, path, origin: path, kernelId: null },
    ];
  }
  const path = object.kernel === '' ? '' : canonicalPath(object.kernel);
  return [{ ...common, kind: 'kernel', id, path, origin: path, kernelId: null }];
}

function registryOf(records: readonly ObjectRecord[]): ObjectRegistry {
  const unused = (): Promise<void> => Promise.reject(new Error('a question changes nothing'));
  return {
    lookup: (kind, id) => records.find((record) => record.kind === kind && record.id === id),
    all: () => [],
    ownedBy: () => [],
    record: unused,
    update: unused,
    forget: unused,
  };
}
