import {
  cachesInHome,
  inHome,
  nothing,
  packageManager,
  type PackageManager,
} from "./types.ts";

const split =
  "a later build in the image may need it; a second stage with the result alone is better";

export const compiledManagers: readonly PackageManager[] = [
  packageManager({
    id: "go build",
    title: "go: the build cache",
    programs: /^go$/,
    fills: /^(build|install|get|test|run|generate|vet)( |$)/,
    byOption: { fills: nothing, cleans: /^--?cache$/ },
    ...cachesInHome(".cache/go-build"),
    handledByOption: /^--?(test\.)?fuzz/,
    variables: ["GOCACHE", "XDG_CACHE_HOME"],
    wantedBy:
      /^(make|cmake|ninja|mage|task|just|bazel|bazelisk|protoc|buf|air|gin|fresh|realize|reflex|CompileDaemon|modd|wgo|gow|entr|nodemon|dlv|goreleaser|ko|gox|xgo|gomobile|gb|gom|gopm|dep|glide|govendor|godep|vgo|gotestsum|ginkgo|golangci-lint|supervisord)$/,
    writes: [
      {
        path: "~/.cache/go-build",
        holds: "compiled packages, results of tests, values found by fuzzing",
        movedBy: "`GOCACHE`, `XDG_CACHE_HOME`",
      },
    ],
    why: "Programs don't need it once they are built. It stays where anything later builds or may build: a later RUN would compile again, which takes time, needs the C compiler for cgo, and sees C libraries that have changed; so it goes where the last build is, and the layers of earlier builds keep theirs. It also stays where the image doesn't say what it starts, or starts a shell, a script or a tool that builds.",
    since: "Go 1.10 (2018)",
    sources: [
      "go help cache: outputs kept for future builds, go-build in the user's cache folder, GOCACHE; it doesn't see changes of C libraries",
      "Go's source, os/file.go, UserCacheDir: XDG_CACHE_HOME, else $HOME/.cache",
      "Go 1.10 release notes, “Build & Install” and “Test”",
      "Measured here (scripts/measure-sizes): at least 29 MB for a program that prints a line",
    ],
  }),
  packageManager({
    id: "go",
    title: "go: modules",
    programs: /^go$/,
    fills: /^(build|install|get|test|run|generate|vet|mod (download|tidy|vendor))( |$)/,
    byOption: { fills: nothing, cleans: /^--?modcache$/ },
    folders: ["/go/pkg", ...inHome("go/pkg")],
    leave:
      "a later build in the image may need its modules, or a program read files from them; a second stage with the result alone is better",
    variables: ["GOMODCACHE", "GOFLAGS", "GOPATH"],
    writes: [
      {
        path: "$GOPATH/pkg/mod",
        holds:
          "sources of modules, read-only; /go/pkg/mod in the image golang. Programs may read templates and migrations from there",
        movedBy: "`GOMODCACHE`, `GOPATH`",
      },
    ],
    mounts: [{ target: "/go/pkg/mod", sharing: "shared" }],
    why: "Where only the program counts, a second stage saves the compiler and the sources too.",
    since: "Go 1.11 (2018)",
    sources: [
      "Go Modules Reference, “Module cache”",
      "go help clean: -modcache; go help environment: GOMODCACHE",
    ],
  }),
  packageManager({
    id: "cargo",
    title: "cargo",
    programs: /^cargo$/,
    valueOptions: ["--config", "--color", "-Z", "-C"],
    fills: /^(\+\S+ )?(build|b|install|fetch|test|t|run|r|check|c|bench|doc|vendor)( |$)/,
    cleans: /^(\+\S+ )?(cache|clean)( |$)/,
    folders: ["/usr/local/cargo/registry", "/usr/local/cargo/git", ...inHome(".cargo")],
    leave: split,
    readsByOption: /^--(offline|frozen)$/,
    variables: ["CARGO_HOME"],
    writes: [
      {
        path: "$CARGO_HOME/registry",
        holds: "index, archives and sources; /usr/local/cargo in the image rust",
        movedBy: "`CARGO_HOME`",
      },
      { path: "$CARGO_HOME/git", holds: "clones" },
      { path: "target", holds: "compiled code", movedBy: "`CARGO_TARGET_DIR`" },
    ],
    mounts: [
      { target: "/usr/local/cargo/registry", sharing: "shared" },
      { target: "/usr/local/cargo/git", sharing: "shared" },
      {
        target: "target",
        sharing: "locked",
        alsoNeeds: "the program copied out of the folder in the same RUN",
      },
    ],
    why: "As with go; a later `cargo build --offline` or `--frozen` needs the registry.",
    sources: ["The Cargo Book, Cargo Home: registry, git; Caching the Cargo home in CI"],
  }),
  packageManager({
    id: "maven",
    title: "maven",
    programs: /^mvnw?$/,
    valueOptions: ["-f", "--file", "-s", "--settings", "-P", "-pl", "-T", "-D"],
    fills:
      /(^| )(compile|test|package|verify|install|deploy|site|dependency:\S+|\S+:\S+)( |$)/,
    cleans: /^(?!)/,
    folders: inHome(".m2"),
    leave: "the next call of maven needs its plugins and repository; a split is better",
    variables: ["MAVEN_CONFIG"],
    settings: /maven\.repo\.local|<localRepository>/,
    writes: [
      {
        path: "~/.m2/repository",
        holds: "plugins and dependencies, and what `mvn install` puts there",
        movedBy: "`-Dmaven.repo.local`, settings.xml",
      },
    ],
    mounts: [{ target: "/root/.m2", sharing: "shared" }],
    why: "The repository is no mere cache: `mvn install` publishes into it, and `mvn -o` and images that start by maven read it.",
    sources: ["Maven documentation, Introduction to Repositories; Settings Reference"],
  }),
  packageManager({
    id: "gradle",
    title: "gradle",
    programs: /^gradlew?$/,
    valueOptions: ["-p", "-b", "-c", "-g", "-I", "-x"],
    fills: /./,
    folders: [...inHome(".gradle"), "/home/gradle/.gradle"],
    leave: "the next call of gradle needs its distribution and caches; a split is better",
    variables: ["GRADLE_USER_HOME"],
    writes: [
      {
        path: "~/.gradle",
        holds: "distributions of the wrapper, dependencies, build cache, settings",
        movedBy: "`GRADLE_USER_HOME`, `-g`",
      },
    ],
    mounts: [{ target: "/root/.gradle", sharing: "locked" }],
    why: "The folder holds settings beside caches, and images that start by `gradlew` need the distribution in it.",
    sources: ["Gradle User Manual, Gradle-managed directories: Gradle User Home"],
  }),
  packageManager({
    id: "sbt",
    title: "sbt, coursier",
    programs: /^(sbt|cs|coursier)$/,
    fills: /./,
    folders: [...inHome(".ivy2"), ...inHome(".sbt"), ...inHome(".cache/coursier")],
    leave: "programs may be started from its cache; a split is better",
    variables: ["COURSIER_CACHE"],
    writes: [
      {
        path: "~/.cache/coursier",
        holds: "dependencies, which launchers put on the class path",
        movedBy: "`COURSIER_CACHE`",
      },
      { path: "~/.ivy2, ~/.sbt", holds: "plugins, boot files, what was published" },
    ],
    mounts: [
      { target: "/root/.cache/coursier", sharing: "shared" },
      { target: "/root/.ivy2", sharing: "locked" },
    ],
    why: "`cs install` and `cs launch` make programs whose class path is the cache.",
    sources: ["Coursier documentation, Cache; sbt Reference Manual, Cached resolution"],
  }),
  packageManager({
    id: "dotnet",
    title: "dotnet, nuget",
    programs: /^(dotnet|nuget)$/,
    fills:
      /^(restore|build|publish|pack|test|run|install|tool (install|restore)|add)( |$)/,
    cleans: /^(nuget )?locals( |$)/,
    folders: [...inHome(".nuget"), ...inHome(".local/share/NuGet")],
    leave: "build outputs that aren't published run from it; a split is better",
    variables: ["NUGET_PACKAGES", "NUGET_FALLBACK_PACKAGES"],
    writes: [
      {
        path: "~/.nuget/packages",
        holds: "unpacked packages, which `dotnet run` and `bin/` refer to",
        movedBy: "`NUGET_PACKAGES`, nuget.config",
      },
      { path: "~/.local/share/NuGet", holds: "archives and answers of servers" },
    ],
    mounts: [{ target: "/root/.nuget/packages", sharing: "shared" }],
    why: "`dotnet build` refers to the packages where they are (runtimeconfig.dev.json) and copies them on `publish` only.",
    sources: [
      "NuGet documentation, Managing the global packages, cache, and temp folders",
      ".NET documentation, dotnet publish; runtimeconfig.dev.json",
    ],
  }),
  packageManager({
    id: "swift",
    title: "swift",
    programs: /^swift$/,
    fills: /^(build|run|test|package (resolve|update))( |$)/,
    cleans: /^package (clean|reset|purge-cache)( |$)/,
    folders: [...inHome(".cache/org.swift.swiftpm"), ...inHome(".swiftpm")],
    leave: split,
    writes: [
      { path: ".build", holds: "clones and compiled code" },
      {
        path: "~/.cache/org.swift.swiftpm",
        holds: "clones and manifests",
        movedBy: "`--cache-path`",
      },
    ],
    mounts: [{ target: "/root/.cache/org.swift.swiftpm", sharing: "shared" }],
    why: "As with go: resources stay in .build, which the program may read.",
    sources: [
      "Swift Package Manager documentation: --cache-path, purge-cache, resources",
    ],
  }),
  packageManager({
    id: "conan",
    title: "conan",
    programs: /^conan$/,
    fills: /^(install|create|build|download)( |$)/,
    cleans: /^(cache clean|remove)( |$)/,
    folders: [...inHome(".conan"), ...inHome(".conan2")],
    leave: "shared libraries may be used where its cache has them",
    keeps: "what is in use",
    variables: ["CONAN_HOME", "CONAN_USER_HOME"],
    writes: [
      {
        path: "~/.conan2",
        holds: "packages, which generated run environments point to; settings",
        movedBy: "`CONAN_HOME`",
      },
    ],
    mounts: [{ target: "/root/.conan2/p", sharing: "locked" }],
    why: "conanrun.sh puts folders of the cache on the library path.",
    sources: ["Conan documentation, The conan cache; VirtualRunEnv; conan cache clean"],
  }),
  packageManager({
    id: "vcpkg",
    title: "vcpkg",
    programs: /^vcpkg$/,
    fills: /^(install|upgrade)( |$)/,
    folders: inHome(".cache/vcpkg"),
    otherCleanups: /--clean-(after-build|buildtrees-after-build|downloads-after-build)/,
    leave:
      "its folders lie in its own checkout, whose place the Dockerfile doesn't always tell",
    variables: ["VCPKG_DOWNLOADS", "VCPKG_DEFAULT_BINARY_CACHE"],
    writes: [
      {
        path: "<vcpkg>/downloads, buildtrees, packages",
        holds: "archives, sources and what was built",
        movedBy: "`VCPKG_DOWNLOADS`, `--downloads-root`",
      },
      {
        path: "~/.cache/vcpkg/archives",
        holds: "binary packages",
        movedBy: "`VCPKG_DEFAULT_BINARY_CACHE`",
      },
    ],
    mounts: [{ target: "/root/.cache/vcpkg/archives", sharing: "shared" }],
    why: "`--clean-after-build` is the manager's own way, and changes the call.",
    sources: ["vcpkg documentation, vcpkg install: --clean-after-build; Binary caching"],
  }),
];
