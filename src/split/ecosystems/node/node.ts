import { simpleCommands } from "../../../shell/commands.ts";
import { parseScript } from "../../../shell/parse.ts";
import { stateAtEnd } from "../../../dockerfile/state.ts";
import { smallBaseOf } from "../../../knowledge/image-releases.ts";
import { slimImageOf } from "../../../knowledge/slim-images.ts";
import type { Effect } from "../../effects.ts";
import { absolutePath, isWithin } from "../../paths.ts";
import type { Silence } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { StartedCommand } from "../../start.ts";
import type { SplitSubject } from "../../subject.ts";
import { copiedFolders, outermost, shippable } from "../folders.ts";
import { isInstall, managerCall } from "./managers.ts";
import { readNodeProject, type NodeProject } from "./project.ts";
import type { Ecosystem, EcosystemBuild } from "../types.ts";
import { whyUserMissing } from "../users.ts";

/**
 * Node programs on the full image: the application's folder, with the modules that it needs
 * when it runs, is copied to the slim image of the same version.
 */
export const node: Ecosystem = {
  name: "Node",

  isConcerned: ({ commands, image }) =>
    slimImageOf(image, "node") !== undefined && commands.some(isInstall),

  read(subject) {
    const { commands, stage, image, start } = subject;
    const slim = slimImageOf(image, "node");
    const install = commands.find(isInstall);
    const silence = (reason: string, range = stage.from.range): Silence => ({
      reason,
      range,
    });
    if (slim === undefined || !install) return silence("it installs nothing");
    const project = readNodeProject(subject);
    if (!project)
      return silence(
        "which modules it needs can't be told without its package.json",
        install.range,
      );
    const odd = commands.find(
      (command) => isInstall(command) && command.folder !== project.folder,
    );
    if (odd) return silence(`its modules don't lie in ${project.folder}`, odd.range);
    const folders = outermost([...copiedFolders(subject), project.folder]).filter(
      shippable,
    );
    const isStatic = (start?.commands ?? []).every(
      ({ program = "", path }) =>
        !/^(node|npm|npx|yarn|pnpm)$/.test(program) &&
        (path === undefined || !folders.some((folder) => isWithin(path, folder))),
    );
    const unlocked = isStatic ? undefined : whyUnlocked(subject, project);
    if (unlocked !== undefined) return silence(unlocked, install.range);
    const obstacle = findObstacle(subject, project);
    if (obstacle !== undefined) return silence(obstacle);
    const user = whyUserMissing(subject, ["node"]);
    if (user) return user;
    if (!shippable(project.folder))
      return silence("it builds among other files of the image", install.range);
    // Something else serves what was built: Node isn't needed any more.
    const small = isStatic ? smallBaseOf(image) : undefined;
    if (isStatic && (!small || small.isNewest))
      return silence("which Debian release serves the files can't be told");
    if (isStatic && namesFolder(subject, project.folder))
      return silence(`what serves the files may look for them in ${project.folder}`);
    const prunes = !isStatic && canPrune(subject, project);
    return {
      artefacts: isStatic ? [] : folders.map((path) => ({ path })),
      buildFolders: ["/root/.cache", "/root/.npm", ...(isStatic ? folders : [])],
      effectOf: (command) => effectOf(command, project),
      isBuildPackage: (name) => /^(python3?|git|python-is-python3)$/.test(name),
      provides: (program) => !isStatic && /^(node|npm|yarn)$/.test(program),
      opened: (command) =>
        openedBy(command, project, start?.instruction.range ?? stage.from.range),
      added: prunes ? [{ before: undefined, lines: ["RUN npm prune --omit=dev"] }] : [],
      findings: [
        {
          topic: "artefact",
          text: project.folder,
          evidence: { file: project.file, line: 1 },
        },
      ],
      runtime: () => ({
        base: {
          family: "debian",
          image: small?.image ?? slim,
          workdir: "/",
          hasShell: true,
        },
        artefacts: [],
        packages: [],
        findings: [],
        assumptions: [],
      }),
    } satisfies EcosystemBuild;
  },
};

/** Whether a start, a link or a file other than a program names the folder of the project. */
function namesFolder(
  { start, commands, files, context }: SplitSubject,
  folder: string,
): boolean {
  const isInside = (word: string | undefined, from: string | undefined): boolean =>
    word === undefined ||
    word.includes(folder) ||
    isWithin(absolutePath(word, from) ?? folder, folder);
  const links = commands.filter(({ program }) => program === "ln");
  return (
    (start?.commands ?? []).some(({ args }) =>
      args.some((word) => word?.includes(folder) ?? true),
    ) ||
    links.some(({ args, folder: from }) => args.some((word) => isInside(word, from))) ||
    [...files.values()].some(
      (file) =>
        !/\.([cm]?[jt]sx?|json|html|css|svg|md)$|(^|\/)(Docker|Container)file[^/]*$/.test(
          file,
        ) && (context?.read(file) ?? "").includes(folder),
    )
  );
}

/** Why it can't be told whether the slim image is enough for the modules. */
function whyUnlocked(
  { commands, start }: SplitSubject,
  { dependencies, lockedBy, demanding }: NodeProject,
): string | undefined {
  const installs = commands.filter(isInstall);
  const managers = installs.flatMap((command) => {
    const call = managerCall(command);
    return call.kind === "install" ? [call.manager] : [];
  });
  if (demanding !== undefined)
    return `${demanding} may need more than the slim image has`;
  const own = commands.flatMap((command) => {
    const call = managerCall(command);
    return call.kind === "manager" ? call.names : [];
  });
  const started = start?.commands.find(({ program }) => own.includes(program ?? ""));
  if (started) return `“${started.program ?? ""}” starts, which the slim image lacks`;
  if (dependencies.length === 0) return undefined;
  if (lockedBy === undefined || managers.some((manager) => manager !== lockedBy))
    return "which modules it needs can't be told without the lock file";
  const compilesNothing =
    lockedBy === "npm" || installs.every(({ args }) => args.includes("--ignore-scripts"));
  return compilesNothing
    ? undefined
    : "which of its modules compile something, or fetch it, isn't in the lock file";
}

/** Tools of builds, which write to the folder that they run in. */
const tools =
  /^(tsc|tsc-alias|vite|webpack|webpack-cli|rollup|esbuild|babel|swc|nest|next|react-scripts|ng|vue-cli-service|tsup|parcel|rimraf|cross-env|copyfiles|cpx|mkdir|cp|rm|echo|eslint|prettier|jest|vitest|mocha|node-gyp)$/;

function effectOf(command: StageCommand, project: NodeProject): Effect | undefined {
  const { program = "", args, folder } = command;
  const build: Effect = { kind: "build" };
  if (managerCall(command).kind === "manager") return build;
  const inside = folder !== undefined && isWithin(folder, project.folder);
  if (!inside) return undefined;
  const call = managerCall(command, Object.keys(project.scripts));
  if (call.kind === "script") {
    const called = calls(call.name, project);
    return called.length > 0 && called.every((item) => tools.test(item))
      ? build
      : undefined;
  }
  if (call.kind === "nothing") return { kind: "nothing" };
  if (call.kind !== "unknown") return build;
  if (program === "npx") return tools.test(args[0] ?? "") ? build : undefined;
  return tools.test(program) &&
    /^(tsc|vite|webpack|rollup|esbuild|nest|next|ng)$/.test(program)
    ? build
    : undefined;
}

/** The programs that a script of package.json calls, through other scripts, too. */
function calls(name: string, project: NodeProject, depth = 0): readonly string[] {
  if (depth > 5) return ["?"];
  return [`pre${name}`, name, `post${name}`].flatMap((script) => {
    const text = project.scripts[script];
    if (text === undefined) return script === name ? ["?"] : [];
    const parsed = parseScript(text, "bash");
    if (parsed.unreadable !== undefined) return ["?"];
    return simpleCommands(parsed).flatMap(({ invocation }) => {
      if (!invocation) return [];
      const words = invocation.args.map((word) => word.text);
      if (!/^(npm|yarn|pnpm)$/.test(invocation.program ?? ""))
        return [invocation.program ?? "?"];
      const call = managerCall(
        { program: invocation.program, args: words },
        Object.keys(project.scripts),
      );
      return call.kind === "script" ? calls(call.name, project, depth + 1) : ["?"];
    });
  });
}

/** What a started command reads, and why it may need more than the slim image has. */
function openedBy(
  command: StartedCommand,
  project: NodeProject,
  range: Silence["range"],
): readonly string[] | Silence {
  const { program, args, folder } = command;
  if (program === "npm" || program === "yarn") {
    const name = args[0] === "run" || args[0] === "run-script" ? args[1] : args[0];
    if (name !== "start" && args[0] !== "run")
      return { reason: `“${program} ${args[0] ?? ""}” starts`, range };
    const text = project.scripts[name ?? ""];
    const isPlain =
      text !== undefined &&
      /^node\s+[\w./ =-]+$/.test(text) &&
      project.scripts[`pre${name ?? ""}`] === undefined &&
      project.scripts[`post${name ?? ""}`] === undefined;
    return isPlain
      ? openedByNode(text.trim().split(/\s+/).slice(1), project.folder)
      : {
          reason: `${project.file}: “${program} ${args.join(" ")}” starts more than a program of Node`,
          range,
        };
  }
  return program === "node" ? openedByNode(args, folder) : [];
}

function openedByNode(
  args: readonly (string | undefined)[],
  folder: string | undefined,
): readonly string[] {
  const word = args.find((item) => item !== undefined && !item.startsWith("-"));
  const path = word === undefined ? undefined : absolutePath(word, folder);
  return path === undefined ? [] : [path];
}

/** What a program of Node needs more than the slim image for, or may. */
function findObstacle(
  { files, context }: SplitSubject,
  project: NodeProject,
): string | undefined {
  for (const [path, file] of files) {
    if (
      !isWithin(path, project.folder) ||
      /(^|\/)(tests?|__tests__|node_modules)\//.test(file)
    )
      continue;
    if (/\.([cm]?[jt]sx?)$/.test(path) && !/\.config\.[cm]?[jt]s$/.test(path)) {
      const text = context?.read(file) ?? "";
      const match = /\b(child_process|execa|shelljs|zx)\b/.exec(text);
      if (match)
        return `${file}:${text.slice(0, match.index).split("\n").length} uses ${match[0]}: it may need more than the slim image has`;
    }
    if (
      path.endsWith("/binding.gyp") &&
      /libraries|link_settings|pkg-config|<!/.test(
        (context?.read(file) ?? "").replace(
          /<!(@)?\(node -p [^)]*node-addon-api[^)]*\)/g,
          "",
        ),
      )
    )
      return `${file} links libraries that the slim image may lack`;
  }
  return undefined;
}

/**
 * Whether nothing is lost with the modules for development: a lock file says which they are,
 * and neither the program nor what starts names one of them.
 */
function canPrune(subject: SplitSubject, project: NodeProject): boolean {
  const { developmentDependencies: names, folder, lockedBy } = project;
  const { files, context, commands, stage, dockerfile } = subject;
  const isWithout = commands.some(
    (command) =>
      isInstall(command) &&
      command.args.some((word) =>
        /^--(omit=dev|production|only=prod\w*)$/.test(word ?? ""),
      ),
  );
  const isProduction = stateAtEnd(stage, dockerfile).env.get("NODE_ENV") === "production";
  if (names.length === 0 || lockedBy !== "npm" || isWithout || isProduction) return false;
  const { user, workdir } = stateAtEnd(stage, dockerfile);
  if (user !== undefined && !/^(root|0|node)$/.test(user)) return false;
  // The option is npm 7's, and what was installed by name is in no list.
  const isOld = /^(8|9|1[0-5])(\.|-|$)/.test(subject.image.tag ?? "");
  const isNamed = commands.some(
    (command) =>
      isInstall(command) && command.args.slice(1).some((word) => !word?.startsWith("-")),
  );
  if (isOld || isNamed || workdir !== folder) return false;
  return [...files].every(([path, file]) => {
    const isProgram =
      isWithin(path, folder) &&
      /\.[cm]?[jt]sx?$/.test(path) &&
      !/\.config\.[cm]?[jt]s$|\.(test|spec)\.[cm]?[jt]sx?$|(^|\/)(tests?|__tests__)\//.test(
        file,
      );
    if (!isProgram) return true;
    const text = context?.read(file) ?? "";
    return names.every(
      (name) =>
        name.startsWith("@types/") ||
        !new RegExp(`["'\`]${name.replace(/[/.]/g, "\\$&")}["'\`/]`).test(text),
    );
  });
}
