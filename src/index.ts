/** The library: `import { createGate } from 'jupyter-gate'` (docs/library.md). */
export { createGate } from './app/create-gate.ts';
export type { CreateGateOptions, MountedGate } from './app/create-gate.ts';
export type { Authorize, AuthorizeQuestion } from './core/judge.ts';
export { AppError } from './core/errors.ts';
export type { ErrorCode, FieldProblem } from './core/errors.ts';
