import type { GitCredentials } from "../forges/forge.ts";

/** How a repository on another machine is reached. */
export interface Transport {
  /** Plain HTTP only for this machine itself: see addresses. */
  readonly protocol: "https" | "ssh" | "http";
  /** `https://host`, which alone gets the credentials. */
  readonly origin: string;
  /** What a forge gave; without them, git asks the credential helpers of its user. */
  readonly credentials: GitCredentials | undefined;
}

/**
 * Settings that a repository's own config can't undo: nothing that it names is run, and
 * nothing is fetched by any way that wasn't asked for.
 */
const always = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.attributesFile=/dev/null",
  "core.alternateRefsCommand=true",
  "uploadpack.packObjectsHook=",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "push.recurseSubmodules=no",
  "fetch.bundleURI=",
  "transfer.bundleURI=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "protocol.allow=never",
  "protocol.ext.allow=never",
  "protocol.file.allow=never",
];

const protocols = ["https", "http", "ssh", "git"] as const;

export function safeOptions(transport: Transport | undefined): string[] {
  const settings = [
    ...always,
    ...protocols.map(
      (name) =>
        `protocol.${name}.allow=${name === transport?.protocol ? "always" : "never"}`,
    ),
    ...(transport === undefined ? [] : remoteSettings(transport)),
  ];
  return ["--no-pager", "--no-optional-locks", "--literal-pathspecs"].concat(
    settings.flatMap((setting) => ["-c", setting]),
  );
}

function remoteSettings({ credentials }: Transport): string[] {
  return [
    // It might lead to another host, or to one inside this network.
    "http.followRedirects=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    ...(credentials === undefined ? [] : ["credential.helper="]),
  ];
}

/** Who the user is and how their machine reaches others; not which repository is meant. */
const kept =
  /^GIT_(?:(?:AUTHOR|COMMITTER|SSL|SSH|PROXY|HTTP)(?:_\w+)?|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH)$/;

export function gitEnvironment(
  transport: Transport | undefined,
  extra: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("GIT_") || kept.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    SSH_ASKPASS: "true",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_ATTR_NOSYSTEM: "1",
    LC_ALL: "C",
    ...(transport?.protocol === "ssh" && process.env["GIT_SSH_COMMAND"] === undefined
      ? { GIT_SSH_COMMAND: "ssh -o BatchMode=yes" }
      : {}),
    ...credentialSettings(transport),
    ...extra,
  };
}

/** In the environment: arguments and addresses can be read by all users of the machine. */
function credentialSettings(transport: Transport | undefined): Record<string, string> {
  if (transport?.credentials === undefined || transport.protocol === "ssh") return {};
  const { username, password } = transport.credentials;
  const encoded = Buffer.from(`${username}:${password}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${transport.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${encoded}`,
  };
}
