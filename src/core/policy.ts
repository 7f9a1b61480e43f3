/** The policy as data: what the store keeps, what decide builds snapshots from. */

/** One Casbin `p` line, by field name: a model with another column order keeps its meaning. */
export interface RuleRecord {
  readonly id: number;
  /** Field name (`sub`, `srv`, `res`, `act`, `path`, `cond`, `eft`, …) to value. */
  readonly fields: Readonly<Record<string, string>>;
  /** Preset the rule came from, or `null` when somebody wrote it. */
  readonly preset: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** One Casbin `g` line: `subject` (a user, guest class or role) holds `role` on `server`. Times are epoch ms. */
export interface GrantRecord {
  readonly id: number;
  readonly subject: string;
  readonly role: string;
  readonly server: string;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly createdBy: string;
}

export interface ModelRecord {
  readonly version: number;
  readonly text: string;
  /** SHA-256 of `text`, hex. */
  readonly hash: string;
  /** `file`, `api`, `restore` or `default`. */
  readonly source: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** Everything a snapshot is built from, as of one revision. */
export interface PolicyDocument {
  readonly revision: number;
  readonly model: ModelRecord;
  readonly rules: readonly RuleRecord[];
  readonly grants: readonly GrantRecord[];
}

/** Rows that a revision took away and put there; one that was changed is in both, under one id. */
export interface Changed<Row> {
  readonly removed: readonly Row[];
  readonly added: readonly Row[];
}

/** What a revision changed of the one before it: not the model. */
export interface PolicyChange {
  readonly revision: number;
  readonly rules: Changed<RuleRecord>;
  readonly grants: Changed<GrantRecord>;
}
