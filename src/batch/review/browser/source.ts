import type { DecisionsFile } from "../../groups/decisions-schema.ts";
import type { ReviewData, ReviewGroup } from "../review-data.ts";

export type SentDecision = DecisionsFile["decisions"][number];
export type SentSplit = NonNullable<DecisionsFile["splits"]>[number];

/** What the server answers to a decision: the groups as they are now, or why not. */
export type Answer =
  { readonly groups: readonly ReviewGroup[] } | { readonly problem: string };

/** Where decisions go: the server, which answers with the groups as they are then. */
export interface Server {
  readonly load: () => Promise<ReviewData | { readonly problem: string }>;
  readonly decide: (decision: SentDecision) => Promise<Answer>;
  readonly split: (split: SentSplit) => Promise<Answer>;
  readonly putBack: (group: Pick<SentSplit, "group" | "digest">) => Promise<Answer>;
}

/** The data that a page without a server brings along. */
export function embeddedData(): ReviewData | undefined {
  const text = document.getElementById("data")?.textContent;
  return text === undefined ? undefined : (JSON.parse(text) as ReviewData);
}

const stored = "dockerslim-review";

/** The token is in the address's fragment, which no server, log or other page gets to see. */
export function connect(): Server {
  const given = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(stored, given);
    history.replaceState(null, "", location.pathname);
  }
  const token = given ?? sessionStorage.getItem(stored) ?? "";
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    try {
      const response = await fetch(path, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        cache: "no-store",
        redirect: "error",
      });
      if (response.status === 401) {
        return { problem: "Open the address that `batch review` has printed." };
      }
      return await response.json();
    } catch {
      return { problem: "`dockerslim batch review` doesn't answer: it has ended." };
    }
  };
  return {
    load: () => ask("data") as Promise<ReviewData | { problem: string }>,
    decide: (decision) => ask("decide", decision) as Promise<Answer>,
    split: (split) => ask("split", split) as Promise<Answer>,
    putBack: (group) => ask("back", group) as Promise<Answer>,
  };
}
