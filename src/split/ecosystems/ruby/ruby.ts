import { stateAtEnd, stateBefore } from "../../../dockerfile/state.ts";
import { isRubyProgram } from "../../../knowledge/ruby-gems.ts";
import { slimImageOf } from "../../../knowledge/slim-images.ts";
import type { Effect } from "../../effects.ts";
import { absolutePath, isWithin } from "../../paths.ts";
import type { Silence } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { StartedCommand } from "../../start.ts";
import { isReloader } from "../../started.ts";
import type { SplitSubject } from "../../subject.ts";
import { copiedFolders, outermost, shippable } from "../folders.ts";
import type { Ecosystem, EcosystemBuild } from "../types.ts";
import { whyUserMissing } from "../users.ts";
import { readLock } from "./lock.ts";

/**
 * Ruby programs on the full image: the gems that Bundler installs, and the application's
 * folder, are copied to the slim image of the same version, to the same paths.
 */
export const ruby: Ecosystem = {
  name: "Ruby",

  isConcerned: ({ commands, image }) =>
    slimImageOf(image, "ruby") !== undefined && commands.some(isInstall),

  read(subject) {
    const { commands, instructions, stage, image, context, files, start } = subject;
    const slim = slimImageOf(image, "ruby");
    const [install] = commands.filter(isInstall);
    const silence = (reason: string, range = stage.from.range): Silence => ({
      reason,
      range,
    });
    if (slim === undefined || !install) return silence("it installs nothing");
    const file = files.get(absolutePath("Gemfile.lock", install.folder) ?? "");
    const text = file === undefined ? undefined : context?.read(file);
    if (file === undefined || text === undefined)
      return silence(
        "which libraries and programs the gems need can't be told without Gemfile.lock",
        install.range,
      );
    const isForced = instructions.some(({ body }) =>
      /force_ruby_platform/i.test(body.text),
    );
    const gems = readLock(text, isForced);
    if (typeof gems === "string") return silence(gems, install.range);
    const folders = outermost(copiedFolders(subject)).filter(shippable);
    const problem =
      whyElsewhere(subject, install, folders) ??
      findObstacle(subject) ??
      whyUserMissing(subject, []);
    if (problem) return problem;
    return {
      artefacts: [gemFolder, ...folders].map((path) => ({ path })),
      buildFolders: [],
      effectOf: (command) => effectOf(command, folders),
      isBuildPackage: (name) => /(-dev|^git|^pkg-config)$/.test(name),
      provides: (program) => isRubyProgram(program, gems.names),
      opened: (command) =>
        openedBy(command, gems.names, start?.instruction.range ?? stage.from.range),
      findings: [
        { topic: "artefact", text: gemFolder, evidence: { file, line: 1 } },
        ...gems.packages.map((name) => ({
          topic: "need" as const,
          text: name,
          evidence: { file, line: 1 },
        })),
      ],
      runtime: () => ({
        base: { family: "debian", image: slim, workdir: "/", hasShell: true },
        artefacts: [],
        packages: gems.packages,
        findings: [],
        assumptions: [],
      }),
    } satisfies EcosystemBuild;
  },
};

/** GEM_HOME and BUNDLE_APP_CONFIG of the images (docker-library/ruby). */
const gemFolder = "/usr/local/bundle";

function isInstall({ program, args }: StageCommand): boolean {
  return (
    /^bundler?$/.test(program ?? "") &&
    (args.length === 0 || args[0] === "install" || args[0]?.startsWith("--") === true)
  );
}

/** Settings by which Bundler and RubyGems look elsewhere, or compile otherwise. */
const moved =
  /(^|\s)(GEM_HOME|GEM_PATH|BUNDLE_APP_CONFIG|BUNDLE_USER_\w+|BUNDLE_GEMFILE|BUNDLE_BIN)[=\s]|use.system.libraries|\bbuild\.\w+|--(gemfile|system|standalone|install-dir|bindir)\b/i;

/** Why gems may be installed outside of the folders that are copied. */
function whyElsewhere(
  { commands, instructions, stage, dockerfile }: SplitSubject,
  { run, range, folder = "/" }: StageCommand,
  folders: readonly string[],
): Silence | undefined {
  const odd = instructions.find(
    ({ keyword, body }) => /^(ARG|ENV|RUN)$/.test(keyword) && moved.test(body.text),
  );
  if (odd)
    return { reason: "where gems are installed to can't be told", range: odd.range };
  const bundles = commands.filter(({ program }) => /^bundler?$/.test(program ?? ""));
  const { env } = stateAtEnd(stage, dockerfile);
  const paths = [
    ...(env.has("BUNDLE_PATH") ? [env.get("BUNDLE_PATH")] : []),
    ...bundles.flatMap(({ args }) =>
      args.flatMap((word, index) =>
        /^(--)?path$/.test(word ?? "--path")
          ? [args[index + 1]]
          : word?.startsWith("--path=") === true
            ? [word.slice(7)]
            : [],
      ),
    ),
  ].map((path) => path && absolutePath(path, folder));
  const isLost = paths.some(
    (path) =>
      path === undefined ||
      path === "" ||
      ![gemFolder, ...folders].some((other) => isWithin(path, other)),
  );
  const isInProject =
    env.has("BUNDLE_DEPLOYMENT") ||
    bundles.some(({ args }) =>
      args.some((word) => /^(--)?(deployment|binstubs)(=|$)/.test(word ?? "")),
    );
  if (isLost || (isInProject && !folders.some((other) => isWithin(folder, other))))
    return { reason: "where Bundler installs to can't be told", range };
  const other = commands.find(
    (command) => isInstall(command) && command.folder !== folder,
  );
  if (other) return { reason: "it installs for several projects", range: other.range };
  const { user } = stateBefore(run, dockerfile);
  return user === undefined || /^(root|0)(:|$)/.test(user)
    ? undefined
    : { reason: "it installs as a user whose home folder isn't copied", range };
}

const tasks = /^(assets:precompile|assets:clean|tmp:\w+|log:clear)$/;

function effectOf(command: StageCommand, folders: readonly string[]): Effect | undefined {
  const { program = "", args, folder } = command;
  const build: Effect = { kind: "build" };
  if (isInstall(command)) return build;
  const isInside =
    folder !== undefined && folders.some((other) => isWithin(folder, other));
  const words = /^bundler?$/.test(program)
    ? args.slice(args[0] === "exec" ? 1 : 0)
    : [program, ...args];
  const [first = "", ...rest] = words;
  if (/^bundler?$/.test(program)) {
    if (/^(clean|check|list|show|info|version|env)$/.test(first)) return build;
    if (first === "config") return rest.includes("--local") ? build : { kind: "repeat" };
  }
  // The slim image has RubyGems of its own; gems go to the folder that is copied.
  if (program === "gem" && first === "gem")
    return rest[0] === "install" &&
      rest.slice(1).every((word) => /^(-|bundler(:|$)|\d[\d.]*$)/.test(word ?? ""))
      ? build
      : undefined;
  const isTask = /^(rake|rails)$/.test(first) && rest.length > 0;
  if (isInside && isTask && rest.every((word) => tasks.test(word ?? ""))) return build;
  return isInside && first === "bootsnap" && rest[0] === "precompile" ? build : undefined;
}

/** What a started command reads, and why the slim image may not do for it. */
function openedBy(
  { program = "", args, folder }: StartedCommand,
  gems: readonly string[],
  range: Silence["range"],
): readonly string[] | Silence {
  const isBundle = program === "bundle";
  if (isBundle && args[0] !== "exec")
    return {
      reason: `“bundle ${args[0] ?? ""}” starts: it may install when the container runs`,
      range,
    };
  const [first, ...rest] = isBundle ? args.slice(1) : [program, ...args];
  if (first === undefined) return { reason: "what Bundler starts can't be told", range };
  if (isReloader(first) || /^(foreman|guard|rerun|shotgun)$/.test(first))
    return { reason: `“${first}” starts, which is for developing`, range };
  if (first.includes("/")) return isBundle ? [absolutePath(first, folder) ?? first] : [];
  if (isBundle && !isRubyProgram(first, gems))
    return { reason: `where “${first}” comes from, which starts, can't be told`, range };
  if (first !== "ruby") return [];
  const word = rest.find((item) => item?.startsWith("-") !== true);
  const isPlain = rest.every((item) => !/^-[eIrSC]/.test(item ?? "-e"));
  const path = word === undefined ? undefined : absolutePath(word, folder);
  return isPlain && path !== undefined
    ? [path]
    : { reason: "which program of Ruby starts can't be told", range };
}

/** Calls of other programs and of libraries, of which the full image may have more. */
const obstacles =
  /(`[^`\n]+`|%x[[({|!]|\b(?:system|exec|spawn|fork|popen|ffi_lib|dlload|dlopen)\b|\bOpen3\b|\bPTY\b|bundler\/inline|\bmkmf\b)/;

function findObstacle({ files, context, stage }: SplitSubject): Silence | undefined {
  for (const [path, file] of files) {
    const isRuby =
      /\.(rb|ru|rake|gemspec|thor)$|(^|\/)(Rakefile|Gemfile|Guardfile)$|(^|\/)(bin|exe|script)\/[^./]+$/.test(
        path,
      );
    const isForPeople =
      /(^|\/)(spec|tests?|features)\/|(^|\/)bin\/(setup|dev|update|ci|kamal|rubocop|brakeman|yarn|bundle|spring)$/;
    if (!isRuby || isForPeople.test(file)) continue;
    const lines = (context?.read(file) ?? "").split("\n");
    if (/^#!.*\b(ba|da)?sh\b/.test(lines[0] ?? "")) continue;
    const index = lines.findIndex((line) => obstacles.test(line.replace(/^\s*#.*/, "")));
    const found = obstacles.exec(lines[index] ?? "")?.[0];
    if (found !== undefined)
      return {
        reason: `${file}:${index + 1} uses ${found}: it may need more than the slim image has`,
        range: stage.from.range,
      };
  }
  return undefined;
}
