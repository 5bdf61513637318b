import { stateAtEnd, stateBefore } from "../../../dockerfile/state.ts";
import type { Instruction } from "../../../dockerfile/types.ts";
import { isProgramOfPyPi } from "../../../knowledge/python-packages.ts";
import { slimImageOf } from "../../../knowledge/slim-images.ts";
import type { Effect } from "../../effects.ts";
import { absolutePath, baseName } from "../../paths.ts";
import { isSilence, pipPrefix, type Silence } from "../../plan.ts";
import { neededData } from "../../runtime-data.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { StartedCommand } from "../../start.ts";
import type { SplitSubject } from "../../subject.ts";
import { copiedFolders, outermost, shippable } from "../folders.ts";
import { madeFiles } from "../made-files.ts";
import { ownEnvironment } from "./environment.ts";
import { readPipInstalls, whyLookedFor } from "./install.ts";
import { isSmallWithCompiler, readSmall } from "./small.ts";
import type { Ecosystem, EcosystemBuild } from "../types.ts";
import { whyUserMissing } from "../users.ts";

/**
 * Python programs on the full image, or on a small one with a compiler: what pip installs is
 * copied to the slim image of the same version, to the same path.
 */
export const python: Ecosystem = {
  name: "Python",

  isConcerned: (subject) =>
    (slimImageOf(subject.image, "python") !== undefined ||
      isSmallWithCompiler(subject)) &&
    subject.commands.some(isInstall),

  read(subject) {
    const { commands, stage, image, context } = subject;
    const isSmall = isSmallWithCompiler(subject);
    const slim = isSmall ? image.text : slimImageOf(image, "python");
    const installs = commands.filter(isInstall);
    const [first] = installs;
    const silence = (reason: string, range = stage.from.range): Silence => ({
      reason,
      range,
    });
    if (slim === undefined || !first) return silence("it installs nothing");
    const own = ownEnvironment(subject, installs);
    const found = readPipInstalls(installs, subject, own !== undefined);
    if ("reason" in found) return found;
    if (!context && !isSmall)
      return silence("what the program calls can't be told without its files");
    const small = isSmall
      ? readSmall(subject, found.names)
      : ({ family: "debian", packages: [] } as const);
    if (isSilence(small)) return small;
    const obstacle = isSmall ? undefined : findObstacle(subject);
    if (obstacle !== undefined) return silence(obstacle);
    const problem =
      (own ? undefined : (whyNoPrefix(subject, first.run) ?? whyLookedFor(subject))) ??
      (isSmall ? undefined : whyDebians(subject)) ??
      whyUserMissing(subject, []);
    if (problem) return problem;
    const places = outermost(copiedFolders(subject)).filter(shippable);
    const isNeeded = (path: string): boolean => !isForBuilding(path);
    const data = context
      ? outermost([
          ...neededData(subject, isNeeded),
          ...madeFiles(subject, places, isNeeded),
        ])
      : places;
    return {
      artefacts: [...(own ? [own.folder] : []), ...data].map((path) => ({ path })),
      buildFolders: [...places, "/root/.cache"],
      effectOf: (command) =>
        command === own?.command ? { kind: "build" } : effectOf(command),
      isBuildPackage: (name) => (isSmall ? name.endsWith("-dev") : isBuildPackage(name)),
      provides: (program) =>
        /^(python|python3)$/.test(program) ||
        isScriptOf(program, found.names) ||
        (found.unread.length > 0 && isProgramOfPyPi(program)),
      opened: (command) => openedBy(command),
      added: found.added,
      prefixed: found.prefixed,
      findings: [
        {
          topic: "artefact",
          text: `${own?.folder ?? pipPrefix}: what pip installs`,
          evidence: first.range,
        },
      ],
      runtime: () => ({
        base: {
          family: small.family,
          image: slim,
          workdir: "/",
          hasShell: true,
        },
        artefacts:
          found.prefixed.length > 0 ? [{ path: "/usr/local", source: pipPrefix }] : [],
        packages: [...new Set([...found.packages, ...small.packages])],
        findings: [],
        assumptions: [
          ...(found.replacesTools
            ? [
                "The final stage keeps the pip and setuptools of its base image; check that nothing needs newer ones at run time.",
              ]
            : []),
          ...(isSmall ? ["Check that nothing compiles when a container runs."] : []),
        ],
      }),
    } satisfies EcosystemBuild;
  },
};

function isInstall(command: StageCommand): boolean {
  return isPip(command) && command.args.includes("install");
}

function isPip({ program = "", args }: StageCommand): boolean {
  if (/^pip(3(\.\d+)?)?$/.test(program)) return true;
  return /^python3?$/.test(program) && args[0] === "-m" && args[1] === "pip";
}

function effectOf(command: StageCommand): Effect | undefined {
  return isPip(command) ? { kind: "build" } : undefined;
}

/** Headers of libraries that Python's slim images have, and fetchers. */
function isBuildPackage(name: string): boolean {
  return /^(git|python3-dev|libffi-dev|libssl-dev|zlib1g-dev|libbz2-dev|liblzma-dev|libsqlite3-dev|libpq-dev|default-libmysqlclient-dev|libmariadb-dev)$/.test(
    name,
  );
}

/** Packages that install a program of their own name (their documentation). */
function isScriptOf(program: string, names: readonly string[]): boolean {
  const owners: Readonly<Record<string, string | undefined>> = {
    "django-admin": "django",
  };
  const owner = owners[program] ?? program;
  return (
    /^(alembic|celery|daphne|django|flask|gunicorn|hypercorn|rq|sanic|uvicorn|waitress-serve)$/.test(
      owner,
    ) && names.some((name) => name.toLowerCase() === owner.replace(/-serve$/, ""))
  );
}

/** Why what pip installs can't go to another folder without anybody noticing. */
function whyNoPrefix(
  { stage, dockerfile, commands, copies }: SplitSubject,
  first: Instruction,
): Silence | undefined {
  const silence = (reason: string): Silence => ({ reason, range: first.range });
  const before = stateBefore(first, dockerfile);
  if (before.user !== undefined && !/^(root|0)(:|$)/.test(before.user))
    return silence("it installs as a user whose folders the slim image doesn't have");
  const { env } = stateAtEnd(stage, dockerfile);
  const set = [
    "PYTHONHOME",
    "PYTHONUSERBASE",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "VIRTUAL_ENV",
  ].find((name) => env.has(name));
  if (set !== undefined) return silence(`${set} is set`);
  if (env.has("PATH") && copies.some(({ from }) => from !== undefined))
    return silence("which pip installs can't be told: PATH is set");
  const direct = commands.find((command) => {
    const text = command.node.invocation?.programWord.text ?? "";
    return (
      text.includes("/") &&
      !text.startsWith("/usr/local/bin/") &&
      /^(pip|python)/.test(command.program ?? "")
    );
  });
  if (direct) return silence("it names pip or Python by another path than the image's");
  return undefined;
}

/** Why it needs the Python of Debian, which the full image has besides its own. */
function whyDebians({ start, files, context, stage }: SplitSubject): Silence | undefined {
  const silence = (reason: string): Silence => ({ reason, range: stage.from.range });
  const isFixed = (start?.commands ?? []).some(({ path }) =>
    /^\/usr\/bin\/(python|pip)/.test(path ?? ""),
  );
  if (isFixed)
    return silence("Debian's Python starts, which the slim image doesn't have");
  for (const [, file] of files) {
    if (/^#!\s*\/usr\/bin\/python/.test(context?.read(file)?.slice(0, 60) ?? ""))
      return silence(`${file} names its interpreter by its path in the image`);
  }
  return undefined;
}

/** Modules and calls that need more than the slim image has, or may. */
const obstacles =
  /\b(subprocess|os\.(system|popen|exec\w*|spawn\w*)|shutil\.which|find_library|CDLL|LoadLibrary|create_subprocess_\w+|ensurepip|(?:import|from)\s+(?:pip|tkinter|turtle|distutils|Cython|pyximport|numba|dbm)\b|torch\.compile)\b/;

function findObstacle({ files, context }: SplitSubject): string | undefined {
  for (const [path, file] of files) {
    if (
      !path.endsWith(".py") ||
      /(^|\/)(setup|conftest|noxfile)\.py$|(^|\/)tests?\//.test(file)
    )
      continue;
    const text = context?.read(file) ?? "";
    const match = obstacles.exec(text);
    if (match)
      return `${file}:${text.slice(0, match.index).split("\n").length} uses ${match[0]}: it may need more than the slim image has`;
  }
  return undefined;
}

function openedBy({
  program,
  args,
  folder,
  evidence,
}: StartedCommand): readonly string[] | Silence {
  if (!/^python3?$/.test(program ?? "")) return [];
  const index = args.findIndex(
    (word) =>
      word === undefined || !/^-[a-zA-Z]+$/.test(word) || word === "-m" || word === "-c",
  );
  const word = args[index];
  const isPipCall = word === "-m" && /^(pip|venv|ensurepip)$/.test(args[index + 1] ?? "");
  if (isPipCall)
    return {
      reason: "pip starts: it installs when the container runs",
      range: "file" in evidence ? { start: 0, end: 0 } : evidence,
    };
  if (word === undefined || word.startsWith("-")) return [];
  const path = absolutePath(word, folder);
  return path === undefined ? [] : [path];
}

function isForBuilding(path: string): boolean {
  return (
    /\.(c|h|cc|cpp|hpp|pyx|pxd|f90|ipynb)$/.test(path) ||
    /^(setup\.(cfg|py)|pyproject\.toml|requirements[\w.-]*\.txt|tox\.ini|Pipfile(\.lock)?|poetry\.lock|MANIFEST\.in)$/.test(
      baseName(path),
    )
  );
}
