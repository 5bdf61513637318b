import * as v from "valibot";
import { configSchema } from "../../files/config-schema.ts";
import { forgeKinds } from "../forges/forge.ts";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const timeOfDay = v.pipe(
  v.string(),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "09:30"'),
);
/** What git allows, and no character that means anything to a shell or in an address. */
const branchName = /^(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)))\w(?:[\w./-]*[\w-])?$/;
const globs = v.array(v.string());

/** Calls that create something, per identity; GitHub's documented limits are 80 and 500. */
const limits = v.strictObject({
  perMinute: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  perHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

/**
 * Schema of a campaign's file, `batch plan --campaign <file>`; every key is optional.
 *
 * @param ids The transforms that can be named.
 */
export function campaignSchema(ids: readonly string[]) {
  const { unsafe, propose, only, skip, layout, transforms } = configSchema(ids).entries;
  return v.strictObject({
    $schema: v.optional(v.string()),
    name: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty()), "dockerslim"),
    /** Default: `dockerslim/` and the name in lower case with hyphens. */
    branch: v.optional(v.pipe(v.string(), v.regex(branchName, "the name of a branch"))),
    /** The central policy, which a repository's own .dockerslim.json can only tighten. */
    rules: v.optional(
      v.strictObject({ unsafe, propose, only, skip, layout, transforms }),
      {},
    ),
    filters: v.optional(
      v.strictObject({
        archived: v.optional(v.boolean(), false),
        forks: v.optional(v.boolean(), false),
        /** As the forge names them; empty means all. */
        languages: v.optional(v.array(v.string()), []),
        /** Regular expressions over `owner/name`, or over a clone's path. */
        include: v.optional(v.array(v.string()), []),
        exclude: v.optional(v.array(v.string()), []),
        /** Dockerfiles to look at: globs as in .gitignore; empty means all. */
        paths: v.optional(globs, []),
        ignore: v.optional(globs, []),
        /** A repository with one of these topics has opted out. */
        optOutTopics: v.optional(v.array(v.string()), ["no-dockerslim"]),
      }),
      {},
    ),
    commit: v.optional(
      v.strictObject({
        /** Subject, blank line, body; {{summary}} and the other names of a request's body. */
        message: v.optional(v.string()),
        author: v.optional(v.strictObject({ name: v.string(), email: v.string() })),
        signOff: v.optional(v.boolean(), false),
        /** As `git commit -S`, by the settings that git has for it. */
        sign: v.optional(v.boolean(), false),
      }),
      {},
    ),
    request: v.optional(
      v.strictObject({
        title: v.optional(v.string()),
        body: v.optional(v.string()),
        draft: v.optional(v.boolean(), false),
        labels: v.optional(v.array(v.string()), []),
        reviewers: v.optional(v.array(v.string()), []),
        mergeMethod: v.optional(v.picklist(["merge", "squash", "rebase"]), "squash"),
      }),
      {},
    ),
    /** How many repositories each wave has; the last wave is all the others. */
    waves: v.optional(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(1))),
      [5, 50, 500],
    ),
    /** The next wave doesn't start, and the present one stops, above these shares. */
    stop: v.optional(
      v.strictObject({
        red: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.1),
        closed: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.1),
      }),
      {},
    ),
    /** When requests may be opened; always, where there are none. */
    windows: v.optional(
      v.array(
        v.strictObject({
          days: v.array(v.picklist(weekdays)),
          from: timeOfDay,
          to: timeOfDay,
          /** IANA name; default: UTC. */
          timeZone: v.optional(v.string(), "UTC"),
        }),
      ),
      [],
    ),
    maxOpenPerOwner: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    hosts: v.optional(
      v.record(
        v.string(),
        v.strictObject({
          forge: v.picklist(forgeKinds),
          limits: v.optional(limits),
          /** Base address of its API, where it isn't the usual one of the host. */
          api: v.optional(v.pipe(v.string(), v.url())),
          /** The environment variable that has its token; never the token itself. */
          tokenEnv: v.optional(
            v.pipe(
              v.string(),
              v.regex(
                /^[A-Z][A-Z0-9_]{0,99}$/,
                "the name of an environment variable, in capitals",
              ),
            ),
          ),
        }),
      ),
      {},
    ),
  });
}

export type CampaignSettings = v.InferOutput<ReturnType<typeof campaignSchema>>;
export type CampaignRules = CampaignSettings["rules"];
