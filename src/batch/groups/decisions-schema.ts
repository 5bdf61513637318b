import * as v from "valibot";

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const groupId = v.pipe(v.string(), v.regex(/^[0-9a-f]{10}$/));
const name = v.pipe(v.string(), v.maxLength(8192));
const names = v.array(name);

/** What a page sends for each decision; the digest is that of the group as it was shown. */
export const decisionSchema = v.strictObject({
  group: groupId,
  digest,
  decision: v.picklist(["approve", "reject"]),
  hunks: v.optional(v.array(digest)),
  only: v.optional(names),
  except: v.optional(names, []),
  opened: v.optional(names, []),
  note: v.optional(v.pipe(v.string(), v.maxLength(4096)), ""),
});

export const splitSchema = v.strictObject({
  group: groupId,
  digest,
  hunks: v.array(digest),
});

/** The file that a page without a server saves: all decisions, and then the splits. */
export const decisionsFileSchema = v.strictObject({
  version: v.literal(1),
  campaign: v.string(),
  decisions: v.array(decisionSchema),
  splits: v.optional(v.array(splitSchema), []),
});

export type DecisionsFile = v.InferInput<typeof decisionsFileSchema>;
