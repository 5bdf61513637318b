import { byteSize, count } from "../../output/wording.ts";
import type { CampaignSettings } from "../campaign/settings.ts";

/** What the texts of a commit and a request are made from. */
export interface TextFacts {
  /** Name of the campaign. */
  readonly campaign: string;
  readonly files: readonly {
    readonly path: string;
    /** Ids of the transforms that changed it, each once. */
    readonly transforms: readonly string[];
    /** Bytes. */
    readonly saved: number;
  }[];
}

const defaultTitle = "Make the image smaller";

const defaultMessage = `${defaultTitle}

dockerslim rewrote {{count}}; the build behaves the same.

{{files}}

{{saved}}

Campaign: {{campaign}}`;

const defaultBody = `dockerslim rewrote {{count}}, so that the image gets smaller; the build behaves the same.

{{files}}

{{saved}}

Close this request if you don't want it: no other one will be opened. A \`.dockerslim.json\` with \`"batch": false\` keeps this repository out of later campaigns, too; \`# dockerslim-ignore\` above an instruction keeps that as it is.`;

/** Subject, blank line and body. Ends with a line feed, as git has it. */
export function commitMessage(
  { message = defaultMessage }: CampaignSettings["commit"],
  facts: TextFacts,
  signOff: { readonly name: string; readonly email: string } | undefined,
): string {
  const text = filled(message, facts);
  return signOff === undefined
    ? `${text}\n`
    : `${text}\n\nSigned-off-by: ${signOff.name} <${signOff.email}>\n`;
}

export function requestTexts(
  { title = defaultTitle, body = defaultBody }: CampaignSettings["request"],
  facts: TextFacts,
): { readonly title: string; readonly body: string } {
  // A title is one line, whatever its template says.
  return {
    title: filled(title, facts).replace(/\s+/g, " "),
    body: `${filled(body, facts)}\n`,
  };
}

/** Names that aren't known stay as they are, so that a slip can be seen. */
function filled(template: string, facts: TextFacts): string {
  const values: Readonly<Record<string, string>> = valuesOf(facts);
  return template
    .replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole)
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function valuesOf({ campaign, files }: TextFacts): Record<string, string> {
  const saved = files.reduce((sum, file) => sum + file.saved, 0);
  return {
    campaign,
    count: count(files.length, "Dockerfile"),
    files: files
      .map(({ path, transforms }) => `- ${asCode(path)}: ${transforms.join(", ")}`)
      .join("\n"),
    saved: saved > 0 ? `Saves about ${byteSize(saved)}.` : "",
    summary: [...new Set(files.flatMap(({ transforms }) => transforms))].join(", "),
  };
}

/** Whatever a path holds, it mentions nobody and starts no line of its own. */
function asCode(path: string): string {
  return `\`${path.replace(/[\p{Cc}`]/gu, "?")}\``;
}
