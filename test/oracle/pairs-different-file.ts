/** Pairs whose instructions differ: the oracle has to tell each of them apart. */
import type { ExamplePair } from "./pair.ts";
import { pair, runs } from "./pair.ts";

export const filePairs: readonly ExamplePair[] = [
  // Barriers between RUNs.
  pair(
    "a RUN moved over ENV",
    "FROM x\nRUN a\nENV A=1\nRUN b\n",
    "FROM x\nRUN a && b\nENV A=1\n",
  ),
  pair(
    "a RUN moved over ARG",
    "FROM x\nRUN a\nARG A\nRUN b\n",
    "FROM x\nRUN a && b\nARG A\n",
  ),
  pair(
    "a RUN moved over USER",
    "FROM x\nRUN a\nUSER u\nRUN b\n",
    "FROM x\nRUN a && b\nUSER u\n",
  ),
  pair(
    "a RUN moved over WORKDIR",
    "FROM x\nRUN a\nWORKDIR /w\nRUN b\n",
    "FROM x\nRUN a && b\nWORKDIR /w\n",
  ),
  pair(
    "a RUN moved over COPY",
    "FROM x\nRUN a\nCOPY . .\nRUN b\n",
    "FROM x\nRUN a && b\nCOPY . .\n",
  ),
  pair(
    "a RUN moved over ADD",
    "FROM x\nRUN a\nADD f /\nRUN b\n",
    "FROM x\nADD f /\nRUN a && b\n",
  ),
  pair(
    "a RUN moved over SHELL",
    'FROM x\nRUN a\nSHELL ["/bin/bash","-c"]\nRUN b\n',
    'FROM x\nSHELL ["/bin/bash","-c"]\nRUN a && b\n',
  ),
  pair(
    "a RUN moved over VOLUME",
    "FROM x\nRUN a\nVOLUME /d\nRUN b\n",
    "FROM x\nRUN a && b\nVOLUME /d\n",
  ),
  pair("COPY swapped", "FROM x\nCOPY a /\nCOPY b /\n", "FROM x\nCOPY b /\nCOPY a /\n"),
  pair("COPY lost its owner", "FROM x\nCOPY --chown=u a /\n", "FROM x\nCOPY a /\n"),
  pair(
    "COPY after another WORKDIR",
    "FROM x\nWORKDIR /a\nCOPY x .\nWORKDIR /b\n",
    "FROM x\nWORKDIR /a\nWORKDIR /b\nCOPY x .\n",
  ),
  pair("ENV changed", "FROM x\nENV A=1 B=2\nRUN a\n", "FROM x\nENV A=1 B=3\nRUN a\n"),
  pair("ARG default changed", "FROM x\nARG A=1\nRUN a\n", "FROM x\nARG A=2\nRUN a\n"),
  pair(
    "a mount flag is dropped",
    "FROM x\nRUN --mount=type=cache,target=/c a\n",
    "FROM x\nRUN a\n",
  ),
  pair(
    "a mount flag spreads",
    "FROM x\nRUN --mount=type=secret,id=s a\nRUN b\n",
    "FROM x\nRUN --mount=type=secret,id=s a && b\n",
  ),
  pair("a network flag is dropped", "FROM x\nRUN --network=none a\n", "FROM x\nRUN a\n"),
  pair(
    "a login shell reads its profile once",
    'FROM x\nSHELL ["/bin/bash","-l","-c"]\nRUN conda init\nRUN b\n',
    'FROM x\nSHELL ["/bin/bash","-l","-c"]\nRUN conda init && b\n',
  ),
  // Stages and configuration.
  pair("another base image", "FROM x:1\nRUN a\n", "FROM x:2\nRUN a\n"),
  pair("a stage is lost", "FROM x AS a\nRUN b\nFROM y\nRUN c\n", "FROM y\nRUN c\n"),
  pair("a stage is renamed", "FROM x AS a\nRUN b\n", "FROM x AS b\nRUN b\n"),
  pair(
    "a RUN moved to another stage",
    "FROM x AS a\nRUN b\nFROM a\nRUN c\n",
    "FROM x AS a\nRUN b && c\nFROM a\n",
  ),
  pair("a platform is lost", "FROM --platform=linux/arm64 x\nRUN a\n", "FROM x\nRUN a\n"),
  pair("ENTRYPOINT changed", 'FROM x\nENTRYPOINT ["a"]\n', "FROM x\nENTRYPOINT a\n"),
  pair("CMD is lost", "FROM x\nCMD a\n", "FROM x\n"),
  pair(
    "CMD of an earlier SHELL",
    'FROM x\nCMD a\nSHELL ["/bin/bash","-c"]\n',
    'FROM x\nSHELL ["/bin/bash","-c"]\nCMD a\n',
  ),
  pair("LABEL is lost", "FROM x\nLABEL a=1 b=2\n", "FROM x\nLABEL a=1\n"),
  pair("EXPOSE is lost", "FROM x\nEXPOSE 80\n", "FROM x\n"),
  pair(
    "HEALTHCHECK lost an option",
    "FROM x\nHEALTHCHECK --retries=2 CMD a\n",
    "FROM x\nHEALTHCHECK CMD a\n",
  ),
  pair("STOPSIGNAL changed", "FROM x\nSTOPSIGNAL TERM\n", "FROM x\nSTOPSIGNAL INT\n"),
  pair(
    "ONBUILD order changed",
    "FROM x\nONBUILD RUN a\nONBUILD RUN b\n",
    "FROM x\nONBUILD RUN b\nONBUILD RUN a\n",
  ),
  pair("ONBUILD became RUN", "FROM x\nONBUILD RUN a\n", "FROM x\nRUN a\n"),
  pair(
    "exec form became shell form",
    'FROM x\nRUN ["a","$HOME"]\n',
    "FROM x\nRUN a $HOME\n",
  ),
  pair(
    "another shell is left opaque and changed",
    'FROM x\nSHELL ["pwsh","-Command"]\nRUN a; b\n',
    'FROM x\nSHELL ["pwsh","-Command"]\nRUN a && b\n',
  ),
  pair("the rewritten file can't be read", runs("a"), "FROM x\nRUN a\n&& b\n"),
  pair(
    "the syntax directive is lost",
    "# syntax=docker/dockerfile:1\nFROM x\nRUN a\n",
    "FROM x\nRUN a\n",
  ),
  pair(
    "a comment moved over the escape directive",
    "# escape=`\nFROM x\nRUN a `\n b\n",
    "# note\n# escape=`\nFROM x\nRUN a `\n b\n",
  ),
];
