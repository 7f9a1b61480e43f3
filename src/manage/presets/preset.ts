/** A preset: a named set of roles and rules, kept as a data file. */

export interface PresetRole {
  readonly name: string;
  readonly description: string;
}

/** One rule by field name. Presets hold no refusals, so that two roles add up. */
export type PresetRule = Readonly<Record<string, string>>;

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly roles: readonly PresetRole[];
  readonly rules: readonly PresetRule[];
}
