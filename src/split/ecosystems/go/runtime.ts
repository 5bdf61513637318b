import { smallBaseOf, type SmallBase } from "../../../knowledge/image-releases.ts";
import { isRemovedAgain } from "../../package-effect.ts";
import type { Finding, Silence } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import type { GoPlace, GoSources } from "./sources.ts";
import { isBlindMake } from "./trees.ts";
import type { Runtime, RuntimeNeeds } from "../types.ts";

const certificates = "/etc/ssl/certs/ca-certificates.crt";
/**
 * Where time.LoadLocation looks last: the toolchain's folder, whose name is part of a program.
 * The official image has it; Alpine's has no other, and Debian's from 13 on no old names.
 */
const zones = "/usr/local/go/lib/time/zoneinfo.zip";

/**
 * `scratch` where a static program needs nothing else, distroless where it needs a little,
 * and otherwise the distribution that it was built on.
 */
export function goRuntime(
  subject: SplitSubject,
  sources: GoSources | undefined,
  needs: RuntimeNeeds,
  libraries: readonly string[],
): Runtime | Silence {
  const small = smallBaseOf(subject.image);
  if (!small)
    return {
      reason: "which distribution the image is made from can't be told",
      range: subject.stage.from.range,
    };
  const dynamic = dynamicBuild(subject, sources);
  const bare = sources && !dynamic && !needsSystem(needs, sources);
  if (!sources || !bare) {
    const isAlpine = small.family === "alpine";
    const wantsZones = isOfficial(subject) && mayNeedZones(small, sources);
    return {
      base: {
        family: small.family,
        image: small.image,
        workdir: "/",
        hasShell: true,
        ...commentOn(small, wantsZones),
      },
      artefacts: [
        // Alpine has certificates of its own.
        ...(isOfficial(subject) && !isAlpine ? [{ path: certificates }] : []),
        ...(wantsZones ? [{ path: zones }] : []),
      ],
      packages: [
        ...(isOfficial(subject) ||
        isAlpine ||
        needs.packages.includes("ca-certificates") ||
        isRemovedAgain("ca-certificates", subject.commands)
          ? []
          : ["ca-certificates"]),
        ...(dynamic ? libraries : []),
      ],
      findings: dynamic
        ? [
            {
              topic: "need",
              text: "the C library of the distribution",
              evidence: dynamic.range,
            },
          ]
        : [],
      assumptions: sources
        ? []
        : [
            "Without the build context at hand, everything that is copied in is shipped; check that the program reads nothing from elsewhere in the image and calls no other program.",
          ],
    };
  }
  return bareRuntime(sources);
}

function isOfficial({ image }: SplitSubject): boolean {
  return /^(library\/)?golang$/.test(image.repository ?? "");
}

function mayNeedZones({ image }: SmallBase, sources: GoSources | undefined): boolean {
  const isMissing = /^alpine|:(stable|trixie)/.test(image);
  return isMissing && (sources?.calls.has("time.LoadLocation") ?? true);
}

function commentOn(
  { isNewest, family }: SmallBase,
  wantsZones: boolean,
): { readonly comment?: string } {
  const parts = [
    ...(isNewest && family === "debian"
      ? ["not older than the Debian that the program is built on"]
      : []),
    ...(wantsZones ? ["time zones lie where Go programs look for them"] : []),
  ];
  return parts.length === 0 ? {} : { comment: parts.join("; ") };
}

/** The first build of a program that is linked dynamically, or may be. */
export function dynamicBuild(
  { commands }: SplitSubject,
  sources: GoSources | undefined,
): StageCommand | undefined {
  return commands.find(
    (command) =>
      (command.program === "go" && !isStatic(command, sources)) ||
      (!sources && isBlindMake(command)),
  );
}

/**
 * Packages of the standard library that are partly in C where CGO_ENABLED isn't 0, and those
 * that import them (`go list -f '{{.ImportPath}} {{.Deps}}' std`, Go 1.23).
 */
const partlyC =
  /^(C|archive\/tar|crypto\/(tls|x509)|expvar|log\/syslog|mime\/multipart|net|net\/(http|rpc)(\/.*)?|net\/(mail|smtp|textproto)|os\/user|plugin|runtime\/cgo)$/;

/** `go help environment`, CGO_ENABLED; without any C a program is linked statically. */
function isStatic(command: StageCommand, sources: GoSources | undefined): boolean {
  const { args } = command;
  if (args[0] !== "build" && args[0] !== "install") return true;
  if (
    args.some((word) =>
      /^-(race|msan|asan|buildmode|linkshared)|linkmode/.test(word ?? ""),
    )
  )
    return false;
  if (command.variable("CGO_ENABLED") === "0") return true;
  return (
    sources !== undefined &&
    args.every((word) => word?.includes("@") !== true) &&
    foreignImport(sources) === undefined &&
    ![...sources.imports.keys()].some((name) => partlyC.test(name))
  );
}

/** The place of an import from another module, of which the sources aren't at hand. */
function foreignImport({ imports, modules }: GoSources): GoPlace | undefined {
  return [...imports].find(
    ([name]) =>
      /^[^/]+\.[^/]+\//.test(name) &&
      ![...modules.values()].some((module) => name.startsWith(module)),
  )?.[1];
}

function needsSystem(needs: RuntimeNeeds, { calls }: GoSources): boolean {
  return (
    needs.shell ||
    needs.namedUser ||
    needs.packages.length > 0 ||
    [...calls.keys()].some((call) => call.startsWith("exec ") || call.startsWith("user."))
  );
}

function bareRuntime(sources: GoSources): Runtime {
  const { calls, imports } = sources;
  const temporary = [...calls].find(([call]) => /^(os|ioutil)\./.test(call));
  const zone = calls.get("time.LoadLocation");
  const foreign = foreignImport(sources);
  const network = imports.get("net/http") ?? imports.get("crypto/tls") ?? foreign;
  const need = (text: string, place: GoPlace): Finding => ({
    topic: "need",
    text,
    evidence: { file: place.file, line: place.line },
  });
  const findings = [
    ...(network ? [need("certificates", network)] : []),
    ...(zone ? [need("time zones", zone)] : []),
    ...(temporary ? [need("a folder for temporary files", temporary[1])] : []),
  ];
  if (temporary || foreign)
    return {
      base: {
        family: "none",
        image: "gcr.io/distroless/static-debian12",
        comment:
          "static binary: no libc needed; certificates, time zones and /tmp are here",
        workdir: "/",
        hasShell: false,
      },
      artefacts: [],
      packages: [],
      findings,
      assumptions: [],
    };
  return {
    base: {
      family: "none",
      image: "scratch",
      comment: "static binary: no libc needed",
      workdir: "/",
      hasShell: false,
    },
    artefacts: [
      ...(network ? [{ path: certificates }] : []),
      ...(zone ? [{ path: zones }] : []),
    ],
    packages: [],
    findings,
    assumptions: [],
  };
}
