/** What one option is: its name, how it is read, its default and its documentation. */
import type { GateConfig } from './config.ts';
import type { Kind } from './kinds.ts';

export type Place = 'flag' | 'environment' | 'file';

/** What the sources can say; a few are only steps on the way to GateConfig. */
export interface Settings extends Omit<GateConfig, 'database' | 'model'> {
  readonly database: string | undefined;
  readonly model: string | undefined;
  readonly config: string | undefined;
  readonly upstreamTokenFile: string | undefined;
  readonly adminTokenFile: string | undefined;
}

/** `Default` is `Value` where there is a default, undefined where leaving it out means something of its own. */
export interface Option<Value = unknown, Default = Value | undefined> {
  /** The flag without dashes, and the key in gate.yaml. */
  readonly name: string;
  readonly kind: Kind<Value>;
  readonly fallback: Default;
  /** How the documentation writes the default, where the value itself says too little. */
  readonly fallbackText?: string;
  readonly doc: string;
  /** Shown as `***`. */
  readonly secret: boolean;
  readonly places: readonly Place[];
}

export type Table = { readonly [Key in keyof Settings]: Option<NonNullable<Settings[Key]>, Settings[Key]> };
type Optional = 'secret' | 'places';
type Row<Value, Default> = Omit<Option<Value, Default>, Optional> & Partial<Pick<Option, Optional>>;

const EVERYWHERE: readonly Place[] = ['flag', 'environment', 'file'];
export const NOT_A_FLAG: readonly Place[] = ['environment', 'file'];

/** An option that always has a value. */
export function having<Value>(row: Row<Value, NoInfer<Value>>): Option<Value, Value> {
  return { secret: false, places: EVERYWHERE, ...row };
}

/** An option that may be left out. */
export function optional<Value>(row: Omit<Row<Value, undefined>, 'fallback'>): Option<Value, undefined> {
  return { secret: false, places: EVERYWHERE, fallback: undefined, ...row };
}
