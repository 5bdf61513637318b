import { isSmallNode } from "../../../knowledge/slim-images.ts";
import { installsCompiler } from "../../compilers.ts";
import type { Effect } from "../../effects.ts";
import { isWithin } from "../../paths.ts";
import { isSilence, type Silence } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { StartedCommand } from "../../start.ts";
import type { SplitSubject } from "../../subject.ts";
import { copiedFolders, outermost, shippable } from "../folders.ts";
import { linkedPackages } from "../linked.ts";
import { isInstall, managerCall } from "./managers.ts";
import type { Ecosystem, EcosystemBuild } from "../types.ts";
import { whyUserMissing } from "../users.ts";

/**
 * Node programs on a small image into which a compiler is installed for native modules
 * (node-gyp's README: a compiler, make and Python): the application's folder is copied to the
 * same image, so that nothing is missing there but these.
 */
export const smallNode: Ecosystem = {
  name: "Node",

  isConcerned: ({ commands, image }) =>
    isSmallNode(image) && commands.some(installsCompiler) && commands.some(isInstall),

  read(subject) {
    const { commands, stage, image } = subject;
    const [install] = commands.filter(isInstall);
    const silence = (reason: string, range = stage.from.range): Silence => ({
      reason,
      range,
    });
    const home = install?.folder;
    if (!install || home === undefined || !shippable(home))
      return silence("it installs among other files of the image", install?.range);
    const other = commands.find((item) => isInstall(item) && item.folder !== home);
    if (other) return silence(`its modules don't lie in ${home}`, other.range);
    const family = image.tag?.includes("slim") === true ? "debian" : "alpine";
    const release = /(?:^|-)([a-z]+)-slim$/.exec(image.tag ?? "")?.[1] ?? "stable";
    const small = family === "alpine" ? family : `debian:${release}-slim`;
    const linked = linkedPackages(commands, { image: small }, (name) =>
      /^python[23]?-dev$/.test(name),
    );
    if (isSilence(linked)) return linked;
    const problem = whyFetches(subject) ?? whyUserMissing(subject, ["node"]);
    if (problem) return problem;
    const folders = outermost([...copiedFolders(subject), home]).filter(shippable);
    return {
      artefacts: folders.map((path) => ({ path })),
      buildFolders: ["/root/.cache", "/root/.npm", "/root/.node-gyp"],
      effectOf: (command) => effectOf(command, home),
      isBuildPackage: (name) => forCompiling.test(name),
      provides: (program) => /^(node|npm|yarn)$/.test(program),
      opened: (command) => whyBuilds(command) ?? [],
      findings: [{ topic: "artefact", text: home, evidence: install.range }],
      runtime: () => ({
        base: {
          family,
          image: image.resolved ?? image.text,
          workdir: "/",
          hasShell: true,
        },
        artefacts: [],
        packages: linked,
        findings: [],
        assumptions: [
          "Check that nothing compiles, and nothing calls Python, when a container runs.",
        ],
      }),
    } satisfies EcosystemBuild;
  },
};

/** What node-gyp needs besides a compiler. */
const forCompiling =
  /-dev$|^(python|python2|python3|python-is-python3|py-pip|py3-pip|python3-pip|libtool|nasm)$/;

/** Modules that fetch a browser into the home folder. */
const fetching = /puppeteer|playwright|cypress|electron|chromedriver|geckodriver/i;

function whyFetches({ instructions }: SplitSubject): Silence | undefined {
  const item = instructions.find(({ body }) => fetching.test(body.text));
  return (
    item && {
      reason: "what its modules fetch into other folders can't be told",
      range: item.range,
    }
  );
}

/** Names by which projects build; others may do anything. */
const buildScript = /^(build|compile|prod|production|dist|lint|test|tsc)([:-].*)?$/;

function effectOf(command: StageCommand, home: string): Effect | undefined {
  const call = managerCall(command);
  if (call.kind === "manager") return { kind: "build" };
  if (command.folder === undefined || !isWithin(command.folder, home)) return undefined;
  if (call.kind === "nothing") return { kind: "nothing" };
  const isBuild =
    call.kind === "install" ||
    call.kind === "build" ||
    (call.kind === "script" && buildScript.test(call.name));
  return isBuild ? { kind: "build" } : undefined;
}

/** What starts may need the compiler, or a package manager that the image lacks. */
function whyBuilds({ program, args, evidence }: StartedCommand): Silence | undefined {
  if (program !== "npm" && program !== "yarn") return undefined;
  const name = /^run(-script)?$/.test(args[0] ?? "") ? args[1] : args[0];
  return /^(start|serve|server|prod|production)([:-](?!dev).*)?$/.test(name ?? "")
    ? undefined
    : {
        reason: `“${program} ${args[0] ?? ""}” starts`,
        range: "file" in evidence ? { start: 0, end: 0 } : evidence,
      };
}
