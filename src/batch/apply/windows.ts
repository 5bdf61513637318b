import type { CampaignSettings } from "../campaign/settings.ts";

type WindowSettings = CampaignSettings["windows"][number];
type Window = Readonly<Omit<WindowSettings, "days">> & {
  readonly days: readonly WindowSettings["days"][number][];
};

const minute = 60_000;
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
type Weekday = (typeof weekdays)[number];

/** No zone's clock is ever moved by less, so that steps of this size pass over no opening. */
const step = 15;

/** A window that names any day opens at least once in this time. */
const stepsAhead = (8 * 24 * 60) / step;

/**
 * When requests may be opened next.
 *
 * @param now Milliseconds since 1970.
 * @returns The same unit: `now` where a window is open or there are none; undefined where
 *   none ever opens.
 */
export function nextOpening(windows: readonly Window[], now: number): number | undefined {
  if (windows.length === 0) return now;
  const openings = windows
    .map((window) => openingOf(window, now))
    .filter((time) => time !== undefined);
  return openings.length === 0 ? undefined : Math.min(...openings);
}

function openingOf(window: Window, now: number): number | undefined {
  const clock = clockOf(window.timeZone);
  const from = minutesOf(window.from);
  let time = now;
  for (let steps = 0; steps <= 2 * stepsAhead; steps += 1) {
    const { day, minutes } = clock(time);
    if (isOpen(window, day, minutes)) return time;
    const toFrom = from > minutes ? from - minutes : step;
    const ahead = Math.min(step - (minutes % step), toFrom);
    time = (Math.floor(time / minute) + ahead) * minute;
  }
  return undefined;
}

/** A window that ends before it begins goes on after midnight; its days are those it begins on. */
function isOpen(window: Window, day: Weekday, minutes: number): boolean {
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  const today = window.days.includes(day);
  if (from < to) return today && minutes >= from && minutes < to;
  return (
    (today && minutes >= from) || (window.days.includes(before(day)) && minutes < to)
  );
}

function before(day: Weekday): Weekday {
  return weekdays.at(weekdays.indexOf(day) - 1) ?? day;
}

function minutesOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  return 60 * hours + minutes;
}

function clockOf(timeZone: string) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (time: number) => {
    const parts = new Map(
      format.formatToParts(time).map(({ type, value }) => [type, value]),
    );
    return {
      day: (parts.get("weekday") ?? "").toLowerCase() as Weekday,
      minutes: 60 * Number(parts.get("hour")) + Number(parts.get("minute")),
    };
  };
}
