import { transforms } from "../../transforms/index.ts";
import { tooComplex } from "../behaviour/judge.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { createLocator } from "../dockerfile/position.ts";
import type { Dockerfile, Range } from "../dockerfile/types.ts";
import { allowanceFor } from "./allowance.ts";
import { defaultSettings } from "./default-settings.ts";
import { applyEdits, originalOffset, overlap } from "./edit.ts";
import { whyUnproven } from "./proof.ts";
import type {
  FixOptions,
  FixResult,
  Location,
  Problem,
  ReportedChange,
} from "./result.ts";
import { whySplitUnproven } from "../split/proof.ts";
import { readSuppressions } from "./suppress.ts";
import type {
  Change,
  Edit,
  LayoutPreference,
  Level,
  Refusal,
  Transform,
  TransformSettings,
} from "./types.ts";

/** More than any real file needs; a transform that undoes another one's work runs into it. */
const roundLimit = 10;

const defaultLayout: LayoutPreference = { indent: "    ", operator: "leading" };

/**
 * Rewrites a Dockerfile. Touches neither files nor the network, keeps no state between
 * calls, and never throws for bad input: what is wrong with it is in `problems`.
 *
 * @param text the Dockerfile, byte order mark and line breaks as they are in the file
 */
export function fix(text: string, options: FixOptions = {}): FixResult {
  const dockerfile = parseDockerfile(text);
  if (dockerfile.problems.length > 0) return invalid(dockerfile);

  const locate = createLocate(dockerfile);
  const last = new Map<Transform, Pass>();
  let state: Progress = { dockerfile, history: [], changes: [], problems: [] };
  const chosen = chosenTransforms(options);
  const applying = chosen.filter((transform) =>
    wantedLevels(transform, options).includes(transform.level),
  );
  for (let round = 0; ; round += 1) {
    const before = state.dockerfile;
    for (const transform of applying) {
      // What it made of this very text is known, and has been applied as far as it can be.
      if (last.get(transform)?.dockerfile === state.dockerfile) continue;
      const pass = runPass(transform, state.dockerfile, options);
      last.set(transform, pass);
      state = applyPass(pass, state, locate);
    }
    if (state.dockerfile === before) break;
    if (round === roundLimit) return noFixedPoint(dockerfile, locate);
  }
  const listProposals = options.listProposals ?? true;
  // Of the others it is only said what they would do to the result.
  for (const transform of listProposals ? chosen : []) {
    if (last.has(transform)) continue;
    const pass = runPass(transform, state.dockerfile, options);
    last.set(transform, pass);
    state = applyPass(pass, state, locate);
  }
  const passes = chosen.flatMap((transform) => last.get(transform) ?? []);
  return {
    output: state.dockerfile.text,
    changes: state.changes,
    proposals: (listProposals ? passes : []).flatMap(({ transform, withheld }) =>
      withheld.map((change) => report(transform, change, state, locate)),
    ),
    problems: state.problems,
    notes: passes.flatMap(({ transform, refusals }) =>
      refusals.map(({ range, reason }) => ({
        transform: transform.id,
        message: reason,
        ...locate(range, state.history),
      })),
    ),
    runCount: { before: countRuns(dockerfile), after: countRuns(state.dockerfile) },
  };
}

/** What has become of the file so far. */
interface Progress {
  readonly dockerfile: Dockerfile;
  /** Edits of each applied pass, each against the text that the one before it left. */
  readonly history: readonly (readonly Edit[])[];
  readonly changes: readonly ReportedChange[];
  readonly problems: readonly Problem[];
}

interface Pass {
  readonly transform: Transform;
  /** What it was given. */
  readonly dockerfile: Dockerfile;
  /** Changes of a level that was asked for. */
  readonly wanted: readonly Change[];
  readonly withheld: readonly Change[];
  readonly refusals: readonly Refusal[];
  /** The transform failed; its message. */
  readonly crash?: string;
}

function withDefaults(settings: FixOptions["settings"] = {}): TransformSettings {
  return {
    "merge-runs": { ...defaultSettings["merge-runs"], ...settings["merge-runs"] },
    "clean-package-cache": {
      ...defaultSettings["clean-package-cache"],
      ...settings["clean-package-cache"],
    },
    "split-stages": { ...defaultSettings["split-stages"], ...settings["split-stages"] },
  };
}

function chosenTransforms({ only, skip = [] }: FixOptions): Transform[] {
  return transforms.filter(
    ({ id }) => (only === undefined || only.includes(id)) && !skip.includes(id),
  );
}

function isRequested({ id }: Transform, { only }: FixOptions): boolean {
  return only?.includes(id) ?? false;
}

/** Naming a transform lifts its own level, not that of a single change which is less sure. */
function wantedLevels(transform: Transform, options: FixOptions): Level[] {
  return [
    "safe",
    ...(options.unsafe ? ["unsafe" as const] : []),
    ...(options.propose ? ["proposal" as const] : []),
    ...(isRequested(transform, options) ? [transform.level] : []),
  ];
}

function runPass(
  transform: Transform,
  dockerfile: Dockerfile,
  options: FixOptions,
): Pass {
  const suppressions = readSuppressions(dockerfile);
  const requested = isRequested(transform, options);
  const levels = wantedLevels(transform, options);
  try {
    const results = dockerfile.stages.map((stage) =>
      transform.apply(stage, {
        dockerfile,
        isIgnored: (instruction, id = transform.id) =>
          suppressions.isIgnored(instruction, id),
        layout: { ...defaultLayout, ...options.layout },
        settings: withDefaults(options.settings),
        findBuildContext: options.findBuildContext ?? (() => undefined),
        requested,
      }),
    );
    const changes = results.flatMap((result) => result.changes);
    return {
      transform,
      dockerfile,
      wanted: changes.filter(({ level }) => levels.includes(level)),
      withheld: changes.filter(({ level }) => !levels.includes(level)),
      refusals: results.flatMap((result) => result.refusals),
    };
  } catch (error) {
    const crash = error instanceof Error ? error.message : String(error);
    return { transform, dockerfile, wanted: [], withheld: [], refusals: [], crash };
  }
}

/** Applies what can be proven. A change that can't be is dropped and reported. */
function applyPass(pass: Pass, state: Progress, locate: Locate): Progress {
  const { transform, wanted } = pass;
  if (pass.crash !== undefined) {
    const location = locate({ start: 0, end: 0 }, []);
    return withProblem(
      state,
      internalError(location, `${transform.id} failed: ${pass.crash}`),
    );
  }
  if (wanted.length === 0) return state;
  const together = attempt(wanted, state);
  if (typeof together !== "string")
    return accepted(transform, wanted, together, state, locate);

  // Find out which changes are to blame, and keep the others.
  let kept: readonly Change[] = [];
  let result: Attempt | undefined;
  let next = state;
  for (const change of wanted) {
    const tried = attempt([...kept, change], state);
    if (tried === tooComplex) continue;
    if (typeof tried === "string") {
      const message = `${transform.id} made a change that failed its proof: ${tried}`;
      const location = locate(change.range, state.history);
      next = withProblem(next, internalError(location, message));
    } else {
      kept = [...kept, change];
      result = tried;
    }
  }
  return result ? accepted(transform, kept, result, next, locate) : next;
}

interface Attempt {
  readonly dockerfile: Dockerfile;
  readonly edits: readonly Edit[];
}

/** The file with these changes, or why they can't be made. */
function attempt(changes: readonly Change[], state: Progress): Attempt | string {
  const edits = changes.flatMap((change) => change.edits);
  if (overlap(edits)) return "its edits overlap";
  const { dockerfile } = state;
  const rewritten = parseDockerfile(applyEdits(dockerfile.text, edits));
  const declarations = changes.map((change) => change.declares);
  const allowance = allowanceFor(declarations);
  const flags = declarations.flatMap(({ addedFlags = [] }) => addedFlags);
  const updates = declarations.flatMap(({ addedUpdates = [] }) => addedUpdates);
  const split = declarations.find(({ splitStage }) => splitStage)?.splitStage;
  const reason = split
    ? whySplitUnproven(dockerfile, rewritten, split)
    : whyUnproven(dockerfile, rewritten, allowance, flags, edits, updates);
  return reason ?? { dockerfile: rewritten, edits };
}

function accepted(
  transform: Transform,
  changes: readonly Change[],
  { dockerfile, edits }: Attempt,
  state: Progress,
  locate: Locate,
): Progress {
  const reported = changes.map((change) => report(transform, change, state, locate));
  return {
    ...state,
    dockerfile,
    history: [...state.history, edits],
    changes: [...state.changes, ...reported],
  };
}

type Locate = (range: Range, history: Progress["history"]) => Location;

/** Positions in the input of ranges in a later text. */
function createLocate({ text }: Dockerfile): Locate {
  const position = createLocator(text);
  return (range, history) => {
    const original = (offset: number): number =>
      history.reduceRight((mapped, edits) => originalOffset(edits, mapped), offset);
    const start = position(original(range.start));
    const end = position(Math.max(original(range.end), original(range.start)));
    return { ...start, endLine: end.line, endColumn: end.column };
  };
}

function report(
  transform: Transform,
  change: Change,
  state: Progress,
  locate: Locate,
): ReportedChange {
  return {
    transform: transform.id,
    level: change.level,
    message: change.message,
    ...locate(extentOf(change), state.history),
    ...(change.savedBytes === undefined ? {} : { savedBytes: change.savedBytes }),
  };
}

/** The text that a change speaks of or touches. */
function extentOf({ range, edits }: Change): Range {
  return {
    start: Math.min(range.start, ...edits.map((edit) => edit.range.start)),
    end: Math.max(range.end, ...edits.map((edit) => edit.range.end)),
  };
}

/** A change that fails in every round is one problem. */
function withProblem(state: Progress, problem: Problem): Progress {
  const isKnown = state.problems.some(
    ({ message, line, column }) =>
      message === problem.message && line === problem.line && column === problem.column,
  );
  return isKnown ? state : { ...state, problems: [...state.problems, problem] };
}

function internalError(location: Location, message: string): Problem {
  return {
    kind: "internal-error",
    message,
    hint: "This change was dropped and the file is otherwise fine. Please report it.",
    ...location,
  };
}

function invalid(dockerfile: Dockerfile): FixResult {
  const locate = createLocate(dockerfile);
  const problems = dockerfile.problems.map(({ message, hint, range }): Problem => ({
    kind: "invalid-input",
    message,
    hint,
    ...locate(range, []),
  }));
  return unchanged(dockerfile, problems);
}

function noFixedPoint(dockerfile: Dockerfile, locate: Locate): FixResult {
  const location = locate({ start: 0, end: 0 }, []);
  return unchanged(dockerfile, [
    internalError(
      location,
      `the passes still change the file after ${roundLimit} rounds`,
    ),
  ]);
}

function unchanged(dockerfile: Dockerfile, problems: readonly Problem[]): FixResult {
  const runs = countRuns(dockerfile);
  return {
    output: dockerfile.text,
    changes: [],
    proposals: [],
    problems,
    notes: [],
    runCount: { before: runs, after: runs },
  };
}

function countRuns({ instructions }: Dockerfile): number {
  return instructions.filter(({ keyword }) => keyword === "RUN").length;
}
