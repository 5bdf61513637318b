import { expect, test } from "vitest";
import { nextOpening } from "../../src/batch/apply/windows.ts";

const at = (time: string) => Date.parse(time);
const shown = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString();

const officeHours = {
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "09:00",
  to: "16:00",
  timeZone: "Europe/Berlin",
} as const;

test("without windows, any time will do", () => {
  expect(nextOpening([], at("2026-11-21T23:17:03Z"))).toBe(at("2026-11-21T23:17:03Z"));
});

test.each([
  ["inside the window", "2026-11-20T10:15:30Z", "2026-11-20T10:15:30.000Z"],
  ["before it, in winter", "2026-11-20T05:07:11Z", "2026-11-20T08:00:00.000Z"],
  ["before it, in summer", "2026-07-20T05:07:11Z", "2026-07-20T07:00:00.000Z"],
  ["at its end", "2026-11-19T15:00:00Z", "2026-11-20T08:00:00.000Z"],
  ["on a Saturday", "2026-11-21T10:00:00Z", "2026-11-23T08:00:00.000Z"],
  ["before the clocks go forward", "2026-03-27T20:00:00Z", "2026-03-30T07:00:00.000Z"],
  ["before they go back", "2026-10-23T20:00:00Z", "2026-10-26T08:00:00.000Z"],
])("%s", (_, now, expected) => {
  expect(shown(nextOpening([officeHours], at(now)))).toBe(expected);
});

test("a window that ends before it begins goes on after midnight", () => {
  const nights = { days: ["fri"], from: "22:30", to: "05:10", timeZone: "UTC" } as const;
  const next = (now: string) => shown(nextOpening([nights], at(now)));
  expect(next("2026-11-20T21:00:00Z")).toBe("2026-11-20T22:30:00.000Z");
  expect(next("2026-11-21T05:09:59Z")).toBe("2026-11-21T05:09:59.000Z");
  expect(next("2026-11-21T05:10:00Z")).toBe("2026-11-27T22:30:00.000Z");
});

test("of several windows, the first to open counts", () => {
  const early = { days: ["sun"], from: "06:40", to: "06:50", timeZone: "UTC" } as const;
  expect(shown(nextOpening([officeHours, early], at("2026-11-21T10:00:00Z")))).toBe(
    "2026-11-22T06:40:00.000Z",
  );
});

test("a window without days never opens", () => {
  expect(nextOpening([{ ...officeHours, days: [] }], at("2026-11-21T10:00:00Z"))).toBe(
    undefined,
  );
});
