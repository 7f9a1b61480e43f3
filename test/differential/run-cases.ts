/** Runs generated cases until a number of questions was asked; stops at the first difference. */
import { compare } from './compare.ts';
import { compareChanges } from './compare-changes.ts';
import { generateCase } from './generate-case.ts';
import { randomSource } from './random-source.ts';
import { printed, shrink } from './shrink.ts';
import type { ChangeTotals } from './compare-changes.ts';

export interface Totals {
  /** Questions put to plain Casbin and to the gate. */
  questions: number;
  models: number;
  compiledModels: number;
  decided: number;
  /** Questions with an unknown owner, a narrowed token or about directories, put to both of the gate's engines. */
  ownQuestions: number;
  /** The first case that differs, made small; `''` for none. */
  difference: string;
}

const QUESTIONS_EACH = 128;

export async function runCases(
  wanted: number,
  seed: number,
  progress: (totals: Totals) => void = () => {},
): Promise<Totals> {
  const totals: Totals = {
    questions: 0,
    models: 0,
    compiledModels: 0,
    decided: 0,
    ownQuestions: 0,
    difference: '',
  };
  while (totals.questions < wanted && totals.difference === '') {
    const random = randomSource((seed * 0x9e3779b1 + totals.models * 0x85ebca6b) | 0);
    const given = generateCase(random, QUESTIONS_EACH);
    const { mismatches, path, asked, decided } = await compare(given);
    totals.questions += asked.casbin;
    totals.models++;
    totals.decided += decided;
    totals.ownQuestions += asked['unknown owner'] + asked.token + asked.leads;
    if (path === 'compiled') totals.compiledModels++;
    if (mismatches.length > 0) totals.difference = await printed(await shrink(given));
    progress(totals);
  }
  return totals;
}

const QUESTIONS_OF_CHANGES = 6;

/** Changes generated policies until a number of changes was made; stops at the first difference. */
export async function runChanges(wanted: number, seed: number): Promise<ChangeTotals> {
  const totals: ChangeTotals = { changes: 0, shared: 0, refused: 0, difference: '' };
  for (let at = 0; totals.changes < wanted && totals.difference === ''; at++) {
    const random = randomSource((seed * 0x9e3779b1 + at * 0xc2b2ae35) | 0);
    const given = generateCase(random, QUESTIONS_OF_CHANGES);
    await compareChanges(given, random, { steps: 30, totals });
  }
  return totals;
}
