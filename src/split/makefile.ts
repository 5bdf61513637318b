/**
 * A Makefile as far as it says by itself what it runs: rules with plain targets, and variables
 * (the manual of GNU make). Not in it: conditions, functions and included files.
 */
export interface Makefile {
  readonly firstTarget: string | undefined;
  readonly rules: ReadonlyMap<string, MakeRule>;
  /** Targets that are made although there is a file of that name. */
  readonly phony: ReadonlySet<string>;
  /** As written; a name that isn't here may be in the environment. */
  readonly variables: ReadonlyMap<string, MakeVariable>;
}

export interface MakeRule {
  readonly needs: readonly string[];
  /** Lines of the recipe, without the tab and the signs in front. */
  readonly lines: readonly string[];
}

export interface MakeVariable {
  readonly value: string;
  /** `?=`: a value of the environment comes first. */
  readonly isDefault: boolean;
  readonly isExported: boolean;
}

const assignment = /^(export\s+)?([A-Za-z_][\w.-]*)\s*(\?=|::?=|=)\s*(.*?)\s*$/;
/** What can't be followed line by line. */
const beyond =
  /^\s*(-?include|sinclude|if(n?eq|n?def)|else|endif|define|endef|vpath|override|unexport|load|\.(ONESHELL|SHELLFLAGS|RECIPEPREFIX|POSIX|SECONDEXPANSION)\b)|^SHELL\s*[:?]?=|\+=/m;

/** @returns undefined where more than rules and variables decides what it runs */
export function readMakefile(source: string): Makefile | undefined {
  const text = source.replace(/\r\n/g, "\n").replace(/\\\n[ \t]*/g, " ");
  if (beyond.test(text)) return undefined;
  const rules = new Map<string, MakeRule>();
  const variables = new Map<string, MakeVariable>();
  const phony = new Set<string>();
  let firstTarget: string | undefined;
  let current: readonly string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("\t")) {
      const command = line.replace(/^[\t ]*[@+-]*[\t ]*/, "");
      for (const target of current) {
        const rule = rules.get(target);
        if (rule && command !== "" && !command.startsWith("#"))
          rules.set(target, { ...rule, lines: [...rule.lines, command] });
      }
      continue;
    }
    const plain = line.replace(/(^|\s)#.*$/, "").trim();
    if (plain === "") continue;
    current = [];
    const set = assignment.exec(plain);
    if (set) {
      const [, exported, name = "", operator, value = ""] = set;
      variables.set(name, {
        value,
        isDefault: operator === "?=",
        isExported: exported !== undefined,
      });
      continue;
    }
    const rule = /^([^:=]+?)\s*::?\s*([^=]*)$/.exec(plain);
    if (!rule || /[%;]/.test(plain)) return undefined;
    const targets = (rule[1] ?? "").split(/\s+/);
    const needs = (rule[2] ?? "").split(/\s+/).filter((word) => word !== "");
    if (targets[0] === ".PHONY") for (const need of needs) phony.add(need);
    if (targets[0]?.startsWith(".") === true) continue;
    current = targets;
    for (const target of targets) {
      firstTarget ??= target;
      const known = rules.get(target);
      if (known && known.lines.length > 0) return undefined;
      rules.set(target, { needs: [...(known?.needs ?? []), ...needs], lines: [] });
    }
  }
  return { firstTarget, rules, phony, variables };
}

/**
 * Puts in the values of variables, which leaves shell text.
 *
 * @returns undefined where a value isn't known, or a function is called
 */
export function expandMake(
  text: string,
  lookup: (name: string) => string | undefined,
): string | undefined {
  const unknown: string[] = [];
  const result = text.replace(
    /\$(\$|\(([^()]*)\)|\{([^{}]*)\}|.)/g,
    (_, all: string, round: string | undefined, curly: string | undefined) => {
      if (all === "$") return "$";
      const name = round ?? curly ?? all;
      const value = /^[\w.@<^*?-]+$/.test(name) ? lookup(name) : undefined;
      if (value === undefined) unknown.push(name);
      return value ?? "";
    },
  );
  return unknown.length === 0 ? result : undefined;
}
