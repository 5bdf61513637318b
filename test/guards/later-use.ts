import { shownByFixtures } from "./guard.ts";

const builds = "src/rewrite/cleanup/later-builds.ts";

/** Caches that something further down is the better for. */
export const laterUseGuards = shownByFixtures("clean-package-cache", [
  [
    "later-build",
    builds,
    'if (isBuiltLater) return "a later RUN may build with it";',
    "void isBuiltLater;",
    "a later build that finds nothing compiled, and no C compiler any more",
    "go-build-needed-later",
  ],
  [
    "unread-build",
    builds,
    ": namesBuilder(dockerfile.text.slice(...bounds(instruction)), manager);",
    ": false && bounds(instruction);",
    "a later build in exec form or a heredoc",
    "go-build-needed-in-an-unread-run",
  ],
  [
    "build-behind",
    builds,
    'if (isBuildBehind) return "a later command of the RUN may build with it";',
    "void isBuildBehind;",
    "a build further on in the same RUN that finds nothing compiled",
    "go-build-needed-in-the-same-run",
  ],
  [
    "build-at-the-start",
    builds,
    "!namesBuilder(`${start} ${health}`, manager)",
    "(health !== undefined || manager !== undefined)",
    "containers that compile whenever they start",
    "go-build-needed-at-the-start",
  ],
  [
    "image-to-build-in",
    builds,
    "start !== undefined &&\n      isProgram(start) &&",
    'start !== "" &&',
    "an image in which people or other images build",
    "go-build-of-an-image-to-build-in",
  ],
  [
    "shell-to-build-in",
    builds,
    "isProgram(start) &&",
    "(isProgram(start) || true) &&",
    "an image that starts a shell to build in",
    "go-build-of-an-image-that-starts-a-shell",
  ],
  [
    "values-of-fuzzing",
    "src/knowledge/managers/compiled.ts",
    "handledByOption: /^--?(test\\.)?fuzz/,",
    "",
    "values that fuzzing has found, which lie in the build cache",
    "go-build-with-values-of-fuzzing",
  ],
]);
