import { describe, expect, test } from "vitest";
import { tooComplex } from "../../src/behaviour/judge.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { fix } from "../../src/index.ts";
import { allowanceFor } from "../../src/engine/allowance.ts";
import { whyUnproven } from "../../src/engine/proof.ts";
import type { Change, Declarations, Transform } from "../../src/engine/types.ts";
import { transforms } from "../../transforms/index.ts";

interface Rewrite {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly declares?: Declarations;
}

const wrong: readonly Rewrite[] = [
  {
    name: "a result that does not parse",
    before: "FROM a\nRUN b\n",
    after: "FROM a\nRNU b\n",
  },
  {
    name: "a stage that is lost",
    before: "FROM a AS x\nRUN b\nFROM c\n",
    after: "FROM a AS x\nRUN b\n",
  },
  {
    name: "an ARG in front of the first FROM that changes",
    before: "ARG v=1\nFROM a:$v\n",
    after: "ARG v=2\nFROM a:$v\n",
  },
  {
    name: "a parser directive that changes",
    before: "# syntax=docker/dockerfile:1\nFROM a\n",
    after: "# syntax=docker/dockerfile:2\nFROM a\n",
  },
  {
    name: "a COPY that is lost",
    before: "FROM a\nRUN b\nCOPY c d\n",
    after: "FROM a\nRUN b\n",
  },
  {
    name: "a USER that changes",
    before: "FROM a\nUSER b\nRUN c\n",
    after: "FROM a\nUSER d\nRUN c\n",
  },
  {
    name: "a RUN that moves over a WORKDIR",
    before: "FROM a\nRUN b\nWORKDIR /c\nRUN d\n",
    after: "FROM a\nRUN b && d\nWORKDIR /c\n",
  },
  {
    name: "a LABEL that changes",
    before: "FROM a\nRUN b\nLABEL c=d\n",
    after: "FROM a\nRUN b\nLABEL c=e\n",
  },
  {
    name: "a command that is lost",
    before: "FROM a\nRUN b\nRUN c\n",
    after: "FROM a\nRUN b\n",
  },
  {
    name: "a failure that is hidden",
    before: "FROM a\nRUN b\nRUN c || d\n",
    after: "FROM a\nRUN b && c || d\n",
  },
  {
    name: "a working directory that leaks",
    before: "FROM a\nRUN cd /b && c\nRUN d\n",
    after: "FROM a\nRUN cd /b && c && d\n",
  },
  {
    name: "a working directory that leaks from a sequence",
    before: "FROM a\nRUN cd /b; c\nRUN d\n",
    after: "FROM a\nRUN cd /b; c && d\n",
  },
  {
    name: "a word that changes in a sequence",
    before: "FROM a\nRUN b; c\n",
    after: "FROM a\nRUN b; d\n",
  },
  {
    name: "a case branch that falls through",
    before:
      'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN case $b in c) d ;& e) f ;; esac\nRUN g\n',
    after:
      'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN case $b in c) d ;& e) f ;; esac && g\n',
  },
  {
    name: "an exec form that changes",
    before: 'FROM a\nRUN ["b"]\nRUN c\n',
    after: 'FROM a\nRUN ["d"]\nRUN c\n',
  },
  {
    name: "a negation of a pipeline that is lost",
    before: "FROM a\nRUN ! b | c\n",
    after: "FROM a\nRUN b | c\n",
  },
  {
    name: "a server in a pipeline that lives on",
    before: "FROM a\nRUN b | nginx\nRUN c\n",
    after: "FROM a\nRUN b | nginx && c\n",
  },
  {
    name: "a trap that runs at another time",
    before: "FROM a\nRUN trap b EXIT && c\n",
    after: "FROM a\nRUN (trap b EXIT && true) && c\n",
    declares: { addedCommands: ["true"] },
  },
  {
    name: "a comment that is lost",
    before: "FROM a\nRUN b\n# why\nRUN c\n",
    after: "FROM a\nRUN b && c\n",
  },
  {
    name: "a shell comment that is lost",
    before: "FROM a\nRUN b # why\nRUN c\n",
    after: "FROM a\nRUN b && c\n",
  },
  {
    name: "another command than the declared one",
    before: "FROM a\nRUN b\n",
    after: "FROM a\nRUN b && rm -rf /d\n",
    declares: { addedCommands: ["rm -rf /c"] },
  },
  {
    name: "a declared command whose failure is hidden",
    before: "FROM a\nRUN b && e\n",
    after: "FROM a\nRUN b; rm -rf /c; e\n",
    declares: { addedCommands: ["rm -rf /c"] },
  },
  {
    name: "a declared command that a DEBUG trap sees",
    before: 'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN trap b DEBUG && c\n',
    after: 'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN trap b DEBUG && c && rm -rf /d\n',
    declares: { addedCommands: ["rm -rf /d"] },
  },
  {
    name: "a command that is removed without a declaration",
    before: "FROM a\nRUN apk update && b\n",
    after: "FROM a\nRUN b\n",
    declares: { removedCommands: ["apk upgrade"] },
  },
  {
    name: "a word that is removed where it was to be added",
    before: "FROM a\nRUN b --no-cache\n",
    after: "FROM a\nRUN b\n",
    declares: { addedWords: ["--no-cache"] },
  },
  {
    name: "a word that is added where it was to be removed",
    before: "FROM a\nRUN b\n",
    after: "FROM a\nRUN b -U\n",
    declares: { removedWords: ["-U"] },
  },
  {
    name: "a word that is exchanged beside a declared one",
    before: "FROM a\nRUN b c\n",
    after: "FROM a\nRUN b --no-cache d\n",
    declares: { addedWords: ["--no-cache"] },
  },
];

/** Names in a title of `test.each` are shortened; a row's first value is not. */
function byName(rewrites: readonly Rewrite[]): [string, Rewrite][] {
  return rewrites.map((rewrite) => [rewrite.name, rewrite]);
}

describe("the proof refuses", () => {
  test.each(byName(wrong))("%s", (_, { before, after, declares = {} }) => {
    const reason = whyUnproven(
      parseDockerfile(before),
      parseDockerfile(after),
      allowanceFor([declares]),
    );
    expect(reason).toMatch(/\S/);
  });

  test("a script with too many ways through it to follow", () => {
    const ways = Array.from({ length: 20 }, (_, i) => `if a${i}; then cd ${i}; fi`);
    const script = ways.join(" && ");
    const reason = whyUnproven(
      parseDockerfile(`FROM a\nRUN ${script}\nRUN d\n`),
      parseDockerfile(`FROM a\nRUN (${script}) && d\n`),
    );
    expect(reason).toBe(tooComplex);
  });
});

describe("the proof accepts", () => {
  const right: readonly Rewrite[] = [
    {
      name: "what is merged well",
      before: "FROM a\nRUN b # why\nEXPOSE 1\n# how\nRUN c || d\n",
      after: "FROM a\n# why\nRUN b \\\n# how\n && { c || d; }\nEXPOSE 1\n",
    },
    {
      name: "what is declared",
      before: "FROM a\nRUN apk update && apk add -U b\n",
      after: "FROM a\nRUN apk add --no-cache b && rm -rf /c\n",
      declares: {
        addedCommands: ["rm -rf /c"],
        removedCommands: ["apk update"],
        addedWords: ["--no-cache"],
        removedWords: ["-U"],
      },
    },
  ];
  test.each(byName(right))("%s", (_, { before, after, declares = {} }) => {
    const proven = whyUnproven(
      parseDockerfile(before),
      parseDockerfile(after),
      allowanceFor([declares]),
    );
    expect(proven).toBeUndefined();
  });
});

describe("a declared cache mount", () => {
  const mount = "--mount=type=cache,target=/c";
  const before = "FROM a\nRUN --network=host b && c\nRUN d\n";
  const mounted = `FROM a\nRUN --network=host ${mount} b && c\nRUN d\n`;
  const why = (
    original: string,
    rewritten: string,
    text = mount,
    declares: Declarations = {},
  ): string | undefined => {
    const dockerfile = parseDockerfile(original);
    const run = dockerfile.instructions.find(({ keyword }) => keyword === "RUN");
    return whyUnproven(
      dockerfile,
      parseDockerfile(rewritten),
      allowanceFor([declares]),
      run ? [{ run, text }] : [],
    );
  };

  test("is accepted on its RUN, wherever it stands among the flags", () => {
    expect(why(before, mounted)).toBeUndefined();
    const first = `FROM a\nRUN ${mount} --network=host b && c\nRUN d\n`;
    expect(why(before, first)).toBeUndefined();
  });

  test("is accepted with a declared clean-up that goes", () => {
    const shorter = `FROM a\nRUN --network=host ${mount} b\nRUN d\n`;
    expect(why(before, shorter, mount, { removedCommands: ["c"] })).toBeUndefined();
    expect(why(before, shorter)).toMatch(/\S/);
  });

  test.each([
    ["on another RUN", `FROM a\nRUN --network=host b && c\nRUN ${mount} d\n`],
    ["on another RUN as well", mounted.replace("RUN d", `RUN ${mount} d`)],
    ["with another target", mounted.replace("/c b", "/d b")],
    ["with another option", mounted.replace("/c b", "/c,ro b")],
    ["twice", mounted.replace(mount, `${mount} ${mount}`)],
    ["in place of another flag", mounted.replace("--network=host ", "")],
    ["beside a command that changes", mounted.replace("&& c", "&& e")],
  ])("is refused %s", (_, rewritten) => {
    expect(why(before, rewritten)).toMatch(/\S/);
  });

  test("can be no other flag", () => {
    for (const flag of [
      "--mount=type=tmpfs,target=/c",
      "--security=insecure",
      `${mount} x`,
    ])
      expect(why(before, mounted.replace(mount, flag), flag)).toMatch(/no cache mount/);
  });
});

/** Puts its texts in place of others, wherever they stand, as a transform with a mistake may. */
function faultyTransform(
  replacements: readonly (readonly [find: string, text: string])[],
): Transform {
  return {
    id: "faulty",
    level: "safe",
    summary: "Makes mistakes",
    why: "",
    how: "",
    apply: (stage, { dockerfile }) => ({
      changes: replacements.flatMap(([find, text]): Change[] => {
        const start = dockerfile.text.indexOf(find);
        if (start < 0 || stage !== dockerfile.stages[0]) return [];
        const range = { start, end: start + find.length };
        const edits = [{ range, text }];
        return [{ message: find, range, edits, level: "safe", declares: {} }];
      }),
      refusals: [],
    }),
  };
}

/** Runs `fix` with one more transform, alone. */
function fixWith(transform: Transform, text: string): ReturnType<typeof fix> {
  const list = transforms as Transform[];
  list.push(transform);
  try {
    return fix(text, { only: [transform.id] });
  } finally {
    list.pop();
  }
}

describe("the engine", () => {
  const text = "FROM a\nRUN b\nRUN c\nCOPY d e\nRUN f\nRUN g\n";
  const bad = ["RUN b\nRUN c", "RUN b || c"] as const;
  const good = ["RUN f\nRUN g", "RUN f && g"] as const;

  test("drops a change that is wrong, keeps the others and says so", () => {
    const { output, changes, problems } = fixWith(faultyTransform([bad, good]), text);
    expect(output).toBe("FROM a\nRUN b\nRUN c\nCOPY d e\nRUN f && g\n");
    expect(changes).toHaveLength(1);
    expect(problems).toMatchObject([{ kind: "internal-error", line: 2 }]);
  });

  test("drops changes whose edits meet", () => {
    const other = ["RUN c\nCOPY", "RUN c\n\nCOPY"] as const;
    const first = ["RUN b\nRUN c", "RUN b && c"] as const;
    const { output, problems } = fixWith(faultyTransform([first, other]), text);
    expect(output).toBe("FROM a\nRUN b && c\nCOPY d e\nRUN f\nRUN g\n");
    expect(problems).toMatchObject([{ kind: "internal-error" }]);
  });

  test("leaves a file alone on which a transform fails", () => {
    const failing: Transform = {
      ...faultyTransform([]),
      apply: () => {
        throw new Error("a mistake");
      },
    };
    const { output, problems } = fixWith(failing, text);
    expect(output).toBe(text);
    expect(problems).toMatchObject([{ kind: "internal-error" }]);
  });

  test("leaves a file alone that never comes to rest", () => {
    const restless = faultyTransform([["RUN b", "RUN  b"]]);
    const { output, problems } = fixWith(
      {
        ...restless,
        apply: (stage, context) => {
          const isWide = context.dockerfile.text.includes("RUN  b");
          const next = isWide ? faultyTransform([["RUN  b", "RUN b"]]) : restless;
          return next.apply(stage, context);
        },
      },
      text,
    );
    expect(output).toBe(text);
    expect(problems).toMatchObject([{ kind: "internal-error" }]);
  });
});
