import type { CampaignSettings } from "../campaign/settings.ts";
import type { StepFailure } from "../target-state.ts";
import type { FoundTarget } from "./found-target.ts";

/** Says why a target is left out; undefined where it isn't. */
export type TargetFilter = (target: FoundTarget) => StepFailure | undefined;

/** @param filters Its expressions can be read. */
export function targetFilter(filters: CampaignSettings["filters"]): TargetFilter {
  const include = filters.include.map((source) => new RegExp(source));
  const exclude = filters.exclude.map((source) => new RegExp(source));
  const languages = filters.languages.map((language) => language.toLowerCase());
  return ({ kind, owner, name, key, listed }) => {
    const path = kind === "clone" ? key : `${owner}/${name}`;
    if (include.length > 0 && !include.some((each) => each.test(path))) {
      return leftOut("no filter includes it");
    }
    const excluding = exclude.find((each) => each.test(path));
    if (excluding !== undefined) {
      return leftOut(`the filter /${excluding.source}/ excludes it`);
    }
    if (listed === undefined) return undefined;
    if (listed.archived && !filters.archived) {
      return { ...leftOut("it is archived"), class: "archived" };
    }
    if (listed.fork && !filters.forks) return leftOut("it is a fork");
    if (languages.length > 0 && !languages.includes(listed.language.toLowerCase())) {
      const language = listed.language === "" ? "not known" : listed.language;
      return leftOut(`its language is ${language}`);
    }
    const optOut = filters.optOutTopics.find((topic) => listed.topics.includes(topic));
    if (optOut !== undefined) return leftOut(`its topic ${optOut} opts out`);
    return undefined;
  };
}

function leftOut(message: string): StepFailure {
  return { class: "left-out", step: "list", message, hint: "" };
}
