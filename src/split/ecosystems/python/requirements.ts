import {
  hasWheels,
  librariesInSlim,
  pythonNeeds,
} from "../../../knowledge/python-packages.ts";
import { isSmallPython } from "../../../knowledge/slim-images.ts";
import { absolutePath, folderOf } from "../../paths.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";

/** What the packages that pip installs need in the final stage. */
export interface PythonNeeds {
  readonly packages: readonly string[];
  /** Names of the packages, as they are written. */
  readonly names: readonly string[];
  /** Of these, those that are installed wherever pip runs. */
  readonly sure: readonly string[];
  /** Of these, those that have to be of a certain version. */
  readonly versioned: readonly string[];
  /** Projects of the build context. */
  readonly projects: readonly string[];
  /** Files of requirements that aren't at hand. */
  readonly unread: readonly string[];
}

export interface UnknownNeed {
  readonly reason: string;
}

const valueOptions: ReadonlySet<string> = new Set(
  (
    "-c --constraint -i --index-url --extra-index-url --trusted-host --timeout --retries --find-links -f --cache-dir " +
    "--progress-bar --only-binary --no-binary --platform --python-version --default-timeout"
  ).split(" "),
);

/** Installing there isn't what it is in a virtual environment. */
const refused =
  /^(-t|--target|--prefix|--root|--user|-e|--editable|--src|--no-deps|-I|--ignore-installed|--force-reinstall|--dry-run)(=|$)/;

/** Reads the arguments of `pip install` (pip's manual, “pip install”, “Requirements File Format”). */
export function readPipInstall(
  { args, folder }: StageCommand,
  subject: SplitSubject,
): PythonNeeds | UnknownNeed {
  const found: Found = {
    packages: [],
    names: [],
    sure: [],
    versioned: [],
    projects: [],
    unread: [],
    isSmall: isSmallPython(subject.image),
  };
  const words = args.slice(args.indexOf("install") + 1);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    const next = words[index + 1];
    if (word === undefined) return { reason: "what pip installs can't be told" };
    if (refused.test(word)) return { reason: `pip's option ${word} installs elsewhere` };
    let problem: UnknownNeed | undefined;
    if (word === "-r" || word === "--requirement") {
      problem = readFile(next, folder, subject, found);
      index += 1;
    } else if (word.startsWith("--requirement="))
      problem = readFile(word.slice(14), folder, subject, found);
    else if (/^-r\S/.test(word))
      problem = readFile(word.slice(2), folder, subject, found);
    else if (valueOptions.has(word)) index += 1;
    else if (!word.startsWith("-")) problem = readName(word, folder, subject, found);
    if (problem) return problem;
  }
  return found;
}

interface Found {
  /** Files of requirements that aren't at hand. */
  readonly unread: string[];
  /** Whether nothing has to be known of a package: the final stage has the same image. */
  readonly isSmall: boolean;
  readonly packages: string[];
  readonly names: string[];
  readonly sure: string[];
  readonly versioned: string[];
  readonly projects: string[];
}

function readFile(
  name: string | undefined,
  folder: string | undefined,
  subject: SplitSubject,
  found: Found,
  depth = 0,
): UnknownNeed | undefined {
  const path = name === undefined ? undefined : absolutePath(name, folder);
  const file = path === undefined ? undefined : subject.files.get(path);
  const text = file === undefined ? undefined : subject.context?.read(file);
  if (found.isSmall && !subject.context && name !== undefined) {
    found.unread.push(name);
    return undefined;
  }
  if (path === undefined || text === undefined || depth > 5)
    return {
      reason: `which packages “${name ?? "a file"}” names can't be told without it`,
    };
  for (const line of text.replace(/\\\r?\n/g, " ").split(/\r?\n/)) {
    const entry = line.replace(/(^|\s)#.*$/, "").trim();
    if (entry === "") continue;
    const nested = /^(?:-r|--requirement)[\s=]*(\S+)$/.exec(entry)?.[1];
    const problem =
      nested !== undefined
        ? readFile(nested, folderOf(path), subject, found, depth + 1)
        : /^(-i|--index-url|--extra-index-url|--trusted-host|--hash|--prefer-binary)\b/.test(
              entry,
            )
          ? undefined
          : readName(entry, folder, subject, found);
    if (problem) return problem;
  }
  return undefined;
}

function readName(
  word: string,
  folder: string | undefined,
  subject: SplitSubject,
  found: Found,
): UnknownNeed | undefined {
  if (/^\.{1,2}(\/|$|\[)|^\//.test(word))
    return readProject(word, folder, subject, found);
  const match =
    /^([A-Za-z0-9][\w.-]*?)\s*(?:\[[^\]]*\])?\s*(?:(==)\s*([\w.]+)|[<>=!~].*)?\s*(?:;.*|--hash.*)?$/.exec(
      word,
    );
  const name = match?.[1];
  if (name === undefined) return { reason: `what ${word} installs can't be told` };
  const needs = pythonNeeds(name);
  const isKnown = needs !== undefined && hasWheels(name, match?.[3]);
  if (!isKnown && !found.isSmall)
    return {
      reason: `which libraries and programs the Python package “${name}” needs isn't known`,
    };
  found.packages.push(...(needs ?? []));
  found.names.push(name);
  // Behind “;” stands what the package is installed for.
  const [requirement = ""] = word.split(";");
  if (requirement === word) found.sure.push(name);
  if (/[<>=!~]/.test(requirement)) found.versioned.push(name);
  return undefined;
}

/** A project of the build context, by what its setup.py or pyproject.toml says. */
function readProject(
  word: string,
  folder: string | undefined,
  subject: SplitSubject,
  found: Found,
): UnknownNeed | undefined {
  const root = absolutePath(word.replace(/\[.*\]$/, ""), folder);
  const read = (name: string): string | undefined => {
    const file = root === undefined ? undefined : subject.files.get(`${root}/${name}`);
    return file === undefined ? undefined : subject.context?.read(file);
  };
  const texts = ["setup.py", "pyproject.toml", "setup.cfg"].flatMap(
    (name) => read(name) ?? [],
  );
  if (texts.length === 0)
    return {
      reason: `what the Python project “${word}” needs can't be told without its files`,
    };
  for (const text of texts) {
    const problem = readProjectFile(text, word, found);
    if (problem) return problem;
  }
  found.projects.push(word);
  return undefined;
}

function readProjectFile(
  text: string,
  word: string,
  found: Found,
): UnknownNeed | undefined {
  const plain = text.replace(/(^|\s)#.*$/gm, "");
  if (
    /pkg-?config|cmake|maturin|scikit-build|setuptools-rust|subprocess|os\.system|poetry/i.test(
      plain,
    )
  )
    return { reason: `what the Python project “${word}” links can't be told` };
  for (const [, list = ""] of plain.matchAll(
    /\b(?:extra_)?libraries\s*=\s*\[([^\]]*)\]/g,
  )) {
    const names = [...list.matchAll(/["']([^"']+)["']/g)].map(([, name = ""]) => name);
    const unknown = names.find((name) => !librariesInSlim.has(name));
    if (unknown !== undefined || (names.length === 0 && list.trim() !== ""))
      return {
        reason: `which package has the library ${unknown ?? list.trim()} isn't known`,
      };
  }
  if (/extra_link_args|extra_objects/.test(plain))
    return { reason: `what the Python project “${word}” links can't be told` };
  for (const [, list = ""] of plain.matchAll(
    /\b(?:install_requires|dependencies)\s*=\s*\[([^\]]*)\]/g,
  )) {
    for (const [, entry = ""] of list.matchAll(/["']([^"']+)["']/g)) {
      const name = /^[A-Za-z0-9][\w.-]*/.exec(entry)?.[0] ?? entry;
      const needs = pythonNeeds(name);
      if (!needs)
        return {
          reason: `which libraries and programs the Python package “${name}” needs isn't known`,
        };
      found.packages.push(...needs);
      found.names.push(name);
    }
  }
  return /\binstall_requires\s*=\s*(?!\[)\S|^install_requires\s*=/m.test(plain)
    ? { reason: `what the Python project “${word}” needs can't be told` }
    : undefined;
}
