import type { ImageReference } from "../dockerfile/types.ts";

/** The images that run what an SDK's image publishes: the same version and distribution. */
export interface DotnetRuntime {
  /** E.g. 8 for `8.0`. */
  readonly major: number;
  /** As a target framework has it, e.g. `8.0`. */
  readonly version: string;
  readonly family: "debian" | "ubuntu" | "alpine";
  /** With ASP.NET Core, which an SDK's image has as well. */
  readonly aspnet: string;
  /** Without it; undefined where no such image is known. */
  readonly plain: string | undefined;
  /** For programs that bring their runtime along. */
  readonly bare: string | undefined;
}

const debian = "stretch|buster|bullseye|bookworm|trixie";
const ubuntu = "bionic|focal|jammy|noble|resolute";
const variant = `(-alpine(?:\\d\\.\\d+)?|-(?:${debian})(?:-slim)?|-(?:${ubuntu}))?`;
const microsoft = new RegExp(`^(\\d+)\\.(\\d)(?:\\.\\d+)?${variant}$`);
const docker = new RegExp(`^(2)\\.([12])(?:\\.\\d+)?-sdk${variant}$`);
/** Up to version 2.0 the images with ASP.NET Core had repositories of their own. */
const build = /^([12])\.([01])(?:\.\d+)?((?:-jessie|-stretch)?)$/;

/**
 * Tags with a full version name the SDK's, which counts otherwise than the runtime's: so the
 * runtime is named by its major and minor version, of which programs take any patch.
 * Source: dotnet/dotnet-docker, src/{sdk,aspnet,runtime} and documentation/supported-tags.md.
 *
 * @returns undefined for another image, and where its tag doesn't tell version or distribution
 */
export function dotnetRuntimeOf(image: ImageReference): DotnetRuntime | undefined {
  const { registry, repository = "", tag = "", digest, text } = image;
  if (text.includes("$") || digest !== undefined) return undefined;
  const isOfDocker = registry === undefined || registry === "docker.io";
  if (isOfDocker && repository === "microsoft/aspnetcore-build") return webRuntime(tag);
  const isOwn =
    registry === "mcr.microsoft.com" && /^dotnet\/(core\/)?sdk$/.test(repository);
  const isOld = isOfDocker && repository === "microsoft/dotnet";
  const match = isOwn ? microsoft.exec(tag) : isOld ? docker.exec(tag) : null;
  if (!match) return undefined;
  const [, major = "", minor = "", suffix = ""] = match;
  const number = Number(major);
  const version = `${major}.${minor}`;
  if (number < 2 || (number === 2 && minor === "0")) return undefined;
  // The runtime stands on Debian's slim image, also where the SDK doesn't.
  const distribution = new RegExp(`^-(${debian})$`).test(suffix)
    ? `${suffix}-slim`
    : suffix;
  const place = `mcr.microsoft.com/${repository.replace(/sdk$/, "")}`;
  return {
    major: number,
    version,
    family: familyOf(suffix, number),
    aspnet: isOwn
      ? `${place}aspnet:${version}${distribution}`
      : `microsoft/dotnet:${version}-aspnetcore-runtime${distribution}`,
    bare: isOwn ? `${place}runtime-deps:${version}${distribution}` : undefined,
    plain: isOwn ? `${place}runtime:${version}${distribution}` : undefined,
  };
}

/**
 * What `microsoft/aspnetcore-build` publishes runs on `microsoft/aspnetcore`; both listen on
 * port 80 (aspnet/aspnet-docker, 2.0/jessie/sdk and 2.0/stretch/runtime).
 */
function webRuntime(tag: string): DotnetRuntime | undefined {
  const match = build.exec(tag);
  if (!match) return undefined;
  const [, major = "", minor = "", suffix = ""] = match;
  return {
    major: Number(major),
    version: `${major}.${minor}`,
    family: "debian",
    aspnet: `microsoft/aspnetcore:${major}.${minor}${suffix}`,
    plain: undefined,
    bare: undefined,
  };
}

/** Without a name in the tag it was Debian up to .NET 9, and is Ubuntu since. */
function familyOf(suffix: string, major: number): DotnetRuntime["family"] {
  if (suffix.startsWith("-alpine")) return "alpine";
  if (new RegExp(`^-(${ubuntu})$`).test(suffix)) return "ubuntu";
  return suffix === "" && major >= 10 ? "ubuntu" : "debian";
}
