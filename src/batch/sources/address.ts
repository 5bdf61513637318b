import type { ForgeKindOf, FoundTarget } from "./found-target.ts";

/** Where a repository is, of any way to write it. */
interface Place {
  readonly protocol: "https" | "http" | "ssh";
  /** In lower case, with the port where there is one. */
  readonly host: string;
  /** Account for SSH; empty for others. */
  readonly user: string;
  /** Between host and name, without slashes at its ends. */
  readonly owner: string;
  /** Without `.git`. */
  readonly name: string;
  readonly hasGitSuffix: boolean;
}

const segment = /^(?![-.])[\w.~+-]+$/;
const hostName =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

/**
 * Reads `https://host/owner/name[.git]`, `ssh://user@host/…`, `user@host:owner/name` and
 * `host/owner/name`. Passwords are refused, so that they get into no store and no log.
 *
 * @returns A string says what is wrong with it.
 */
export function parseAddress(
  address: string,
  forgeKindOf: ForgeKindOf,
): FoundTarget | string {
  const place = placeOf(address);
  if (typeof place === "string") return place;
  const { protocol, host, user, owner, name, hasGitSuffix } = place;
  const segments = [...owner.split("/"), name];
  if (!hostName.test(host)) return "its host is no name of a host";
  if (owner === "" || name === "") return "it doesn't name owner and repository";
  if (!segments.every((each) => segment.test(each))) {
    return "its path has characters that no forge has in names";
  }
  if (protocol === "http" && !loopback.test(host)) {
    return "plain HTTP can be read and changed on its way; use https";
  }
  const forge = forgeKindOf(host);
  // GitLab redirects to the name with the suffix, and all of them take it.
  const suffix = hasGitSuffix || forge !== undefined ? ".git" : "";
  const path = `${owner}/${name}`;
  const login = user === "" ? "" : `${user}@`;
  return {
    // On forges, names are the same in upper and lower case.
    key: `${host}/${forge === undefined ? path : path.toLowerCase()}`,
    kind: "forge",
    forge: forge ?? null,
    host,
    owner,
    name,
    url: `${protocol}://${login}${host}/${path}${suffix}`,
    default_branch: "",
  };
}

function placeOf(address: string): Place | string {
  const byUrl = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(address);
  const scp = /^([\w.-]+)@([\w.-]+):(?!\/)(.+)$/.exec(address);
  if (byUrl !== null) return placeOfUrl(address, byUrl[1]?.toLowerCase() ?? "");
  if (scp !== null) {
    const [, user = "", host = "", path = ""] = scp;
    if (user.startsWith("-")) return "its user begins with a hyphen";
    return place("ssh", host, user, path);
  }
  const slash = address.indexOf("/");
  if (slash === -1) return "it is no address of a repository";
  return place("https", address.slice(0, slash), "", address.slice(slash + 1));
}

function placeOfUrl(address: string, protocol: string): Place | string {
  if (protocol !== "https" && protocol !== "http" && protocol !== "ssh") {
    return `${protocol} is no protocol to fetch by; use https or ssh`;
  }
  let url;
  try {
    url = new URL(address);
  } catch {
    return "it is no address";
  }
  if (url.password !== "" || (protocol !== "ssh" && url.username !== "")) {
    return "it has a user or password in it; use the environment, such as GH_TOKEN";
  }
  if (url.search !== "" || url.hash !== "") return "it is no address of a repository";
  if (url.username !== "" && !/^\w[\w.-]*$/.test(url.username)) {
    return "its user is none that a forge has";
  }
  return place(protocol, url.host, url.username, url.pathname.slice(1));
}

function place(
  protocol: Place["protocol"],
  host: string,
  user: string,
  path: string,
): Place {
  const parts = path.replace(/\/+$/, "").split("/");
  const last = parts.pop() ?? "";
  return {
    protocol,
    host: host.toLowerCase(),
    user,
    owner: parts.join("/"),
    name: last.replace(/\.git$/, ""),
    hasGitSuffix: last.endsWith(".git"),
  };
}

/** What git needs to reach a target; its address comes from `parseAddress` or a forge. */
export function transportOf(url: string): {
  readonly protocol: "https" | "http" | "ssh";
  readonly origin: string;
} {
  const { protocol, host } = new URL(url);
  return {
    protocol: protocol === "http:" ? "http" : protocol === "ssh:" ? "ssh" : "https",
    origin: `${protocol}//${host}`,
  };
}
