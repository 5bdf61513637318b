import { installsCompiler } from "../compilers.ts";
import type { StageCommand } from "../stage-commands.ts";
import type { Ecosystem } from "./types.ts";

/** A kind of building that no rules here can take apart. */
interface Kind {
  readonly programs: RegExp;
  /** The subcommand, or any other of the arguments; every call counts without one. */
  readonly argument?: RegExp;
  readonly reason: string;
}

const kinds: readonly Kind[] = [
  {
    programs: /^(docker-php-ext-(install|configure)|pecl|phpize|install-php-extensions)$/,
    reason: "no PHP image is known without the compiler that extensions are built with",
  },
  {
    programs: /^(bundle|bundler|gem)$/,
    argument: /^(install|i|package)$/,
    reason: "which libraries and programs the gems need can't be told",
  },
  {
    programs: /^(mix|rebar3?)$/,
    argument: /^(release|compile|deps\.compile|escript\.build|do)$/,
    reason: "what of Erlang and of the system's libraries a release needs can't be told",
  },
  {
    programs: /^(stack|cabal)$/,
    argument: /^(build|install|v2-build|v2-install|new-build|new-install)$/,
    reason: "which libraries a Haskell program is linked with can't be told",
  },
  {
    programs: /^ghc$/,
    reason: "which libraries a Haskell program is linked with can't be told",
  },
  {
    programs: /^(sbt|sbtw|lein|ant|activator|mill|bazel|bazelisk|buck2?|pants)$/,
    reason: "what its build tool makes can't be told",
  },
  {
    programs: /^(R|Rscript|install2\.r|installGithub\.r|littler|r)$/,
    reason: "what R installs, and which libraries that needs, can't be told",
  },
  {
    programs:
      /^(cpanm|cpan|luarocks|julia|opam|dune|swift|crystal|shards|nim|nimble|zig|dub|dmd|ldc2|rustc|ocamlfind|ocamlopt|erlc|fpc|gfortran|gnatmake)$/,
    reason: "there are no rules for what it builds with",
  },
  {
    programs: /^(npm|yarn|pnpm|npx|bun)$/,
    argument: /^(build|tsc|webpack|vite|ng|rebuild|node-gyp|compile|bundle)(:.*)?$/,
    reason:
      "what Node.js alone takes in this image, without the tools of the build, isn't known",
  },
  {
    programs:
      /^(g?make|cmake|meson|ninja|configure|(x86_64-linux-gnu-)?(gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(-\d+)?|nvcc|xmake|scons|waf|qmake)$/,
    reason: "which small image has what the programs are linked with isn't known",
  },
];

/**
 * The rest: stages that compile and that no other rules are for. They stay as they are, and
 * it is said why.
 */
export const others: Ecosystem = {
  name: "other",

  isConcerned: ({ commands }) =>
    commands.some((item) => kindOf(item) ?? installsCompiler(item)),

  read({ commands, stage }) {
    for (const command of commands) {
      const kind = kindOf(command);
      if (kind) return { reason: kind.reason, range: command.range };
    }
    const compiler = commands.find(installsCompiler);
    return {
      reason: "what is built with the compiler that it installs can't be told",
      range: compiler?.range ?? stage.from.range,
    };
  },
};

function kindOf({ program = "", args }: StageCommand): Kind | undefined {
  return kinds.find(
    ({ programs, argument }) =>
      programs.test(program) &&
      (argument === undefined || args.some((word) => argument.test(word ?? ""))) &&
      !(args.length === 1 && /^(-v|-V|--?version|--help)$/.test(args[0] ?? "")),
  );
}
