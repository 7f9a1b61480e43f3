/** The configuration in force, for a person to read: no secret in it. */
import type { GateConfig } from './config.ts';
import type { Option } from './option.ts';
import { OPTIONS, OPTION_KEYS } from './options.ts';

const MASK = '***';

/** Value by the name of its option, as one writes it; secrets and the password of the database are `***`. */
export function shownConfig(config: GateConfig): Readonly<Record<string, string>> {
  const values: Readonly<Record<string, unknown>> = { ...config };
  const keys = OPTION_KEYS.filter((key) => key in values);
  return Object.fromEntries(keys.map((key) => [OPTIONS[key].name, shown(OPTIONS[key], values[key])]));
}

function shown(row: Option, value: unknown): string {
  if (value === undefined) return '';
  return row.secret ? MASK : row.kind.show(value);
}
