import type { Image, RuntimeConfig } from "../images/types.ts";
import { forbiddenDifference } from "./forbidden-difference.ts";
import type { Difference } from "./types.ts";

type Setting = keyof RuntimeConfig;

const simpleSettings = [
  "User",
  "Entrypoint",
  "Cmd",
  "StopSignal",
  "Shell",
  "OnBuild",
  "Healthcheck",
] as const satisfies readonly Setting[];

/** Labels by which builders name themselves. */
const builderLabels = new Set(["io.buildah.version"]);

/** What differs in the settings with which a container starts. */
export function compareConfiguration(before: Image, after: Image): Difference[] {
  const [old, now] = [before.config, after.config];
  return [
    ...compareValue("platform", before.platform, after.platform),
    ...simpleSettings.flatMap((name) => compareValue(name, old[name], now[name])),
    // Engines take no folder for the root folder.
    ...compareValue("WorkingDir", workingFolder(old), workingFolder(now)),
    ...compareNames("Env", environment(old), environment(now)),
    ...compareNames("Labels", labels(old), labels(now)),
    ...compareNames(
      "ExposedPorts",
      new Map(entries(old.ExposedPorts)),
      new Map(entries(now.ExposedPorts)),
    ),
    ...compareNames(
      "Volumes",
      new Map(entries(old.Volumes)),
      new Map(entries(now.Volumes)),
    ),
  ];
}

function workingFolder({ WorkingDir = "" }: RuntimeConfig): string {
  return WorkingDir === "" ? "/" : WorkingDir;
}

function compareNames(
  setting: Setting,
  old: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
): Difference[] {
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const subject = `${setting} ${name}`;
    if (!now.has(name))
      return [difference(subject, `is missing; it was ${shown(old.get(name))}`)];
    if (!old.has(name))
      return [difference(subject, `was added: ${shown(now.get(name))}`)];
    return compareValue(subject, old.get(name), now.get(name));
  });
}

function compareValue(subject: string, old: unknown, now: unknown): Difference[] {
  const [was, is] = [shown(old), shown(now)];
  if (was === is) return [];
  return [difference(subject, `was ${was} and is ${is}`)];
}

function difference(subject: string, message: string): Difference {
  return forbiddenDifference("configuration", subject, message);
}

function environment({ Env = [] }: RuntimeConfig): Map<string, string> {
  return new Map(
    Env.map((pair) => {
      const equals = pair.indexOf("=");
      return equals === -1 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function labels({ Labels }: RuntimeConfig): Map<string, unknown> {
  return new Map(entries(Labels).filter(([name]) => !builderLabels.has(name)));
}

/** Builders leave an empty setting out, or write `null`. */
function entries(
  record: Readonly<Record<string, unknown>> | undefined,
): [string, unknown][] {
  return Object.entries(record ?? {});
}

/** Equal values are shown equally, whatever the order of their keys. */
function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "not set";
  if (Array.isArray(value) && value.length === 0) return "not set";
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
