/** Milliseconds. */
export interface Time {
  readonly wall: number;
  readonly cpu: number;
}

/** How many times as long as its yardstick something takes. */
export interface Ratios {
  /** Of the shortest times, which other work on the machine disturbs least. */
  readonly minimum: number;
  readonly median: number;
  /** Of the shortest processor times. */
  readonly cpu: number;
  /** The shortest times themselves. */
  readonly measured: Time;
  readonly yardstick: Time;
}

/** Runs both in turn, so that whatever else the machine does hits both alike. */
export function compareTimes(
  measured: () => Time,
  yardstick: () => Time,
  repetitions: number,
): Ratios {
  const times: [Time[], Time[]] = [[], []];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    times[0].push(measured());
    times[1].push(yardstick());
  }
  const [one, other] = times.map(shortest) as [Time, Time];
  return {
    minimum: one.wall / other.wall,
    median: median(times[0]) / median(times[1]),
    cpu: one.cpu / other.cpu,
    measured: one,
    yardstick: other,
  };
}

/** Time that this process spends on something. */
export function timeOf(action: () => void): Time {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  action();
  const wall = performance.now() - before;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall, cpu: (user + system) / 1000 };
}

function shortest(times: readonly Time[]): Time {
  return {
    wall: Math.min(...times.map(({ wall }) => wall)),
    cpu: Math.min(...times.map(({ cpu }) => cpu)),
  };
}

function median(times: readonly Time[]): number {
  const sorted = times.map(({ wall }) => wall).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
