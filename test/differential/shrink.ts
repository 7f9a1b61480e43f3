/** Makes a case that shows a difference as small as it stays one, and prints it as a fixture. */
import { compare } from './compare.ts';
import type { Case } from './generate-case.ts';

/** The smallest case found that still differs. */
export async function shrink(given: Case): Promise<Case> {
  let smallest = given;
  for (const question of given.questions) {
    const alone = { ...given, questions: padded(given, question) };
    if (await differs(alone)) {
      smallest = alone;
      break;
    }
  }
  for (const part of ['rules', 'grants', 'rules'] as const) {
    for (let at = smallest[part].length - 1; at >= 0; at--) {
      const fewer = { ...smallest, [part]: smallest[part].filter((_, index) => index !== at) };
      if ((part !== 'rules' || fewer.rules.length > 0) && (await differs(fewer))) smallest = fewer;
    }
  }
  return smallest;
}

/** The case as a fixture. */
export async function printed(given: Case): Promise<string> {
  const { mismatches } = await compare(given);
  const fixture = {
    model: given.model.split('\n'),
    rules: given.rules.map(({ id, fields }) => ({ id, fields })),
    grants: given.grants.map(({ subject, role, server }) => ({ subject, role, server })),
    mismatches: mismatches.slice(0, 3),
  };
  return JSON.stringify(fixture, undefined, 1);
}

/** What is asked of a question depends on its place. */
function padded(given: Case, question: Case['questions'][number]): Case['questions'] {
  const at = given.questions.indexOf(question) % 36;
  return Array.from({ length: at + 1 }, () => question);
}

async function differs(given: Case): Promise<boolean> {
  return (await compare(given)).mismatches.length > 0;
}
