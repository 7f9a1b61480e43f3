/** Numbers for everything that may be held, and what each of them is without any grant. */
import { createNumbering } from './numbering.ts';
import { implicitRole, isHeldFurther } from './implicit-role.ts';
import type { Numbering } from './numbering.ts';

export interface RoleNumbers extends Numbering {
  /** By number, the number of the role that its holders hold without a grant; -1 for none. */
  readonly implied: readonly number[];
  /** By number, whether it is a role, or what guests are. */
  readonly isRole: readonly boolean[];
}

/** No numbers yet. */
export function createRoleNumbers(): RoleNumbers {
  const numbers = createNumbering();
  const implied: number[] = [];
  const isRole: boolean[] = [];
  const of = (name: string): number => {
    const number = numbers.of(name);
    if (number < implied.length) return number;
    implied.push(-1);
    isRole.push(isHeldFurther(name));
    const role = implicitRole(name);
    if (role !== undefined) implied[number] = of(role);
    return number;
  };
  return { of, known: (name) => numbers.known(name), names: numbers.names, implied, isRole };
}
