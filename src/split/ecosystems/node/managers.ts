import type { StageCommand } from "../../stage-commands.ts";

/** A package manager of Node, by its program. */
export type NodeManager = "npm" | "yarn" | "pnpm";

/** What a command of a package manager does, as far as a split is concerned. */
export type ManagerCall =
  | { readonly kind: "install"; readonly manager: NodeManager }
  | { readonly kind: "script"; readonly name: string }
  /** Installs a package manager for the build. */
  | { readonly kind: "manager"; readonly names: readonly string[] }
  | { readonly kind: "build" | "nothing" | "unknown" };

/** Options by which yarn and pnpm work in another folder than the current one. */
const elsewhere =
  /^(--(cwd|dir|filter|modules-dir|modules-folder|recursive|virtual-store-dir)(=|$)|-[CFr]$)/;

const unknown = { kind: "unknown" } as const;

/**
 * Sources: npm documentation, "CLI commands"; Yarn 1 documentation, "CLI"; pnpm documentation,
 * "CLI commands"; Corepack's README.
 *
 * @param scripts names in `scripts` of package.json, which yarn and pnpm run without `run`
 */
export function managerCall(
  { program, args }: Pick<StageCommand, "program" | "args">,
  scripts: readonly string[] = [],
): ManagerCall {
  const words = args.filter((word) => word?.startsWith("-") !== true);
  const [first = "", second] = words;
  if (program === "corepack")
    return /^(enable|prepare|install|use)$/.test(first)
      ? { kind: "manager", names: ["yarn", "pnpm"] }
      : unknown;
  if (program !== "npm" && program !== "yarn" && program !== "pnpm") return unknown;
  if (args.some((word) => word === undefined || elsewhere.test(word))) return unknown;
  if (args.every((word) => /^(-v|--version)$/.test(word ?? "")) && args.length > 0)
    return { kind: "nothing" };
  const isGlobal = args.includes("-g") || args.includes("--global") || first === "global";
  if (isGlobal) {
    const names = words.slice(1).map((word = "") => word.replace(/(?<=.)@.*$/, ""));
    const isManager =
      names.length > 0 && names.every((name) => /^(yarn|pnpm)$/.test(name));
    return program === "npm" && /^(i|install|add)$/.test(first) && isManager
      ? { kind: "manager", names }
      : unknown;
  }
  const install = { kind: "install", manager: program } as const;
  const run = /^run(-script)?$/.test(first) ? second : undefined;
  if (run !== undefined) return { kind: "script", name: run };
  if (first === "test") return { kind: "script", name: first };
  if (program === "npm") {
    if (/^(ci|i|install|clean-install)$/.test(first)) return install;
    if (/^(cache|config|audit|fund)$/.test(first)) return { kind: "nothing" };
    return /^(prune|rebuild)$/.test(first) ? { kind: "build" } : unknown;
  }
  if (first === "install" || (program === "pnpm" && first === "i")) return install;
  if (program === "yarn" && words.length === 0) return install;
  if (/^(cache|config|store)$/.test(first)) return { kind: "nothing" };
  return scripts.includes(first) ? { kind: "script", name: first } : unknown;
}

export function isInstall(command: Pick<StageCommand, "program" | "args">): boolean {
  return managerCall(command).kind === "install";
}
