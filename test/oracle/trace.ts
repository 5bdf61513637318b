/** From the log that the shells' processes wrote to one sequence of events. */

type EventKind = "exec" | "cd" | "read" | "write" | "kill";

/** Something a RUN did that can be seen from outside of its shell. */
export interface ShellEvent {
  readonly kind: EventKind;
  /** Equal for the same command of the same process in the same folder. */
  readonly key: string;
  /** 1-based: how many events of this RUN had this key, this one included. */
  readonly nth: number;
  /** The command's words; the path for `cd`, `read` and `write`, the signal for `kill`. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly umask: string;
  readonly background: boolean;
  /** The first words of the jobs in the background that were started before. */
  readonly alive: readonly string[];
  readonly descriptors: readonly string[];
  /** A hash of what a pipe or here-document would feed the command; 0 for nothing. */
  readonly input: string;
  readonly ignoredSignals: string;
  readonly limits: string;
  /** What the exported environment adds to (+) or lacks from (-) the RUN's own. */
  readonly environment: readonly string[];
}

type Entry =
  | { readonly type: "fork"; readonly child: number; readonly background: boolean }
  | { readonly type: "event"; readonly event: Omit<ShellEvent, "nth" | "alive"> };

/** Variables that shells change by themselves and that no build depends on. */
const NOISE = /^(?:_|SHLVL)=/;

/**
 * The processes of a RUN may run at the same time. Their events are put in one order: a
 * process's events come where it was forked, so that pipelines read from left to right.
 */
export function readTrace(log: Buffer, lingered: boolean): ShellEvent[] {
  const processes = readEntries(log);
  const events: ShellEvent[] = [];
  const counts = new Map<string, number>();
  let alive: readonly string[] = [];

  const visit = (process: number, inBackground: boolean): void => {
    for (const entry of processes.get(process) ?? []) {
      if (entry.type === "fork") {
        const start = events.length;
        const background = inBackground || isBackground(entry.child);
        visit(entry.child, background);
        if (background && !inBackground) {
          // A loop that had to be stopped got as far as the machine's speed allowed.
          if (lingered) events.splice(start + 1);
          alive = [...alive, events[start]?.argv.join(" ") ?? "a job"];
        }
      } else {
        const nth = (counts.get(entry.event.key) ?? 0) + 1;
        counts.set(entry.event.key, nth);
        const background = inBackground || entry.event.background;
        events.push({ ...entry.event, background, nth, alive });
      }
    }
  };
  const isBackground = (process: number): boolean => {
    const first = processes.get(process)?.[0];
    return first?.type === "event" ? first.event.background : first?.background === true;
  };
  visit(0, false);
  return events;
}

function readEntries(log: Buffer): Map<number, Entry[]> {
  const fields = log.toString("utf8").split("\0");
  let at = 0;
  const next = () => fields[at++] ?? "";
  const many = (count: number) => Array.from({ length: count }, next);
  const processes = new Map<number, Entry[]>();
  while (at < fields.length - 1) {
    const kind = next();
    const process = Number(next());
    const entries = processes.get(process) ?? [];
    processes.set(process, entries);
    if (kind === "fork") {
      entries.push({ type: "fork", child: Number(next()), background: next() === "1" });
      continue;
    }
    const [key = "", cwd = "", umask = "", background = ""] = many(4);
    const common = {
      kind: kind as EventKind,
      key,
      cwd,
      umask,
      background: background === "1",
    };
    if (kind !== "exec") {
      const [path = "", detail = ""] = many(2);
      const argv = kind === "kill" ? [detail] : [path, ...(detail ? [detail] : [])];
      entries.push({ type: "event", event: { ...common, argv, ...NOTHING } });
      continue;
    }
    const argv = many(Number(next()));
    const descriptors = many(Number(next()));
    const [input = "", ignoredSignals = "", limits = ""] = many(3);
    const changes = Array.from({ length: Number(next()) }, () => [next(), next()]);
    const environment = changes
      .filter(([, entry = ""]) => !NOISE.test(entry))
      .map(([sign = "", entry = ""]) => sign + entry)
      .sort();
    entries.push({
      type: "event",
      event: { ...common, argv, descriptors, input, ignoredSignals, limits, environment },
    });
  }
  return processes;
}

const NOTHING = {
  descriptors: [],
  input: "0",
  ignoredSignals: "0",
  limits: "",
  environment: [],
} as const;
