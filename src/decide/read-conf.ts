/**
 * Reads a model's text into definitions with their line numbers, the way Casbin's own reader does, and names everything
 * that one would silently cut, overwrite or skip.
 */
import type { FieldProblem } from '../core/errors.ts';

export interface Definition {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** Line on which it begins, from 1. */
  readonly line: number;
}

/** The sections of a model and the one key each holds. */
export const SECTIONS: Readonly<Record<string, string>> = {
  request_definition: 'r',
  policy_definition: 'p',
  role_definition: 'g',
  policy_effect: 'e',
  matchers: 'm',
};

const MAX_TEXT_LENGTH = 65_536;

/** Definitions of `text` in their order; what is wrong is added to `problems`. */
export function readConf(text: string, problems: FieldProblem[]): Definition[] {
  if (text.length > MAX_TEXT_LENGTH) {
    problems.push({
      at: 'line 1',
      message: `expected at most ${MAX_TEXT_LENGTH} characters, received ${text.length}`,
    });
    return [];
  }
  const state: State = {
    problems,
    definitions: [],
    seen: new Set(),
    section: '',
    pending: '',
    pendingLine: 0,
  };
  for (const [index, line] of text.split('\n').entries()) readLine(state, line, index + 1);
  if (state.pendingLine > 0) report(state, state.pendingLine, 'ends in `\\`, but nothing follows');
  return state.definitions;
}

interface State {
  readonly problems: FieldProblem[];
  readonly definitions: Definition[];
  readonly seen: Set<string>;
  section: string;
  pending: string;
  /** Line on which the definition that goes on began, 0 when none does. */
  pendingLine: number;
}

function report(state: State, line: number, message: string): void {
  state.problems.push({ at: `line ${line}`, message });
}

function readLine(state: State, text: string, number: number): void {
  const line = withoutComment(state, text, number).trim();
  if (line === '') return;
  if (line.startsWith('[') && line.endsWith(']')) {
    openSection(state, line.slice(1, -1), number);
    return;
  }
  const goesOn = line.endsWith('\\');
  // Casbin joins continued lines without a blank between them
  state.pending += goesOn ? line.slice(0, -1).trim() : line;
  if (state.pendingLine === 0) state.pendingLine = number;
  if (!goesOn) define(state);
}

function withoutComment(state: State, text: string, number: number): string {
  const cut = text.search(/[#;]/);
  if (cut === -1) return text;
  const before = text.slice(0, cut);
  if (isInsideQuotes(before)) {
    report(
      state,
      number,
      `\`${text[cut]}\` begins a comment even inside quotes, so Casbin would cut the line there`,
    );
  }
  return before;
}

function isInsideQuotes(before: string): boolean {
  let open = '';
  for (const sign of before) {
    if (open !== '') open = sign === open ? '' : open;
    else if (sign === '"' || sign === "'") open = sign;
  }
  return open !== '';
}

function openSection(state: State, name: string, number: number): void {
  if (state.pendingLine > 0) report(state, state.pendingLine, 'ends in `\\`, but a section follows');
  state.pending = '';
  state.pendingLine = 0;
  state.section = name;
  if (!Object.hasOwn(SECTIONS, name)) {
    report(state, number, `there is no section \`[${name}]\`; there are ${Object.keys(SECTIONS).join(', ')}`);
  } else if (state.seen.has(name)) {
    report(state, number, `the section \`[${name}]\` is there twice`);
  }
  state.seen.add(name);
}

function define(state: State): void {
  const { pending, pendingLine: line, section } = state;
  state.pending = '';
  state.pendingLine = 0;
  const equals = pending.indexOf('=');
  if (equals === -1) {
    report(state, line, `expected \`KEY = VALUE\`, received \`${pending.slice(0, 60)}\``);
    return;
  }
  if (section === '') {
    report(state, line, 'expected a section such as `[request_definition]` before the first definition');
    return;
  }
  const definition = {
    section,
    key: pending.slice(0, equals).trim(),
    value: pending.slice(equals + 1).trim(),
    line,
  };
  if (state.definitions.some((other) => other.section === section && other.key === definition.key)) {
    report(state, line, `\`${definition.key}\` is defined twice`);
  } else {
    state.definitions.push(definition);
  }
}
