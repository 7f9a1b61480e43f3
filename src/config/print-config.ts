/** The configuration in force, for a person to read: no secret in it. */
import type { GateConfig } from './config.ts';
import type { Option } from './option.ts';
import { OPTIONS, OPTION_KEYS } from './options.ts';

const MASK = '***';

/** One `name: value` in each line; secrets and the password of the database are `***`. */
export function printConfig(config: GateConfig): string {
  return `${configEntries(config)
    .map(([name, value]) => `${name}: ${value}`.trimEnd())
    .join('\n')}\n`;
}

/** The same as pairs, for logs and the API. */
export function configEntries(config: GateConfig): readonly (readonly [name: string, value: string])[] {
  const values: Readonly<Record<string, unknown>> = { ...config };
  return OPTION_KEYS.filter((key) => key in values).map((key) => [
    OPTIONS[key].name,
    shown(OPTIONS[key], values[key]),
  ]);
}

function shown(row: Option, value: unknown): string {
  if (value === undefined) return '';
  return row.secret ? MASK : row.kind.show(value);
}
