import { expect, test } from "vitest";
import { fix } from "../src/index.ts";

const others = ["merge-runs", "clean-package-cache"];

test("no-cache-flags leaves a stage alone that is only copied from, unless it is named", () => {
  const text = [
    "FROM python:3.12 AS build",
    "RUN pip install --target /packages flask",
    "FROM python:3.12-slim",
    "COPY --from=build /packages /packages",
    "RUN apk update && apk add curl",
    "",
  ].join("\n");

  const plain = fix(text, { skip: others });
  expect(plain.output.split("\n")[1]).toBe("RUN pip install --target /packages flask");
  expect(plain.output.split("\n")[4]).toBe("RUN apk add --no-cache curl");
  expect(plain.notes).toEqual([]);

  const named = fix(text, { only: ["no-cache-flags"] });
  expect(named.output.split("\n")[1]).toBe(
    "RUN pip install --no-cache-dir --target /packages flask",
  );
});

test("no-cache-flags reports what it removes together with the flag that makes it idle", () => {
  const text = [
    "FROM alpine:3.20",
    "RUN pip3 install flask",
    "RUN apk update",
    "RUN apk add -U curl",
    "RUN apk add --no-cache --update jq",
    "RUN rm -rf  /var/cache/apk/*",
    "",
  ].join("\n");

  const { changes, problems } = fix(text, { only: ["no-cache-flags"] });

  expect(problems).toEqual([]);
  expect(changes.map(({ message, line, endLine }) => [line, endLine, message])).toEqual([
    [2, 2, "Keeps pip from storing downloads in the layer (--no-cache-dir)."],
    [
      2,
      6,
      "Keeps apk from storing its package index in the layer (--no-cache). " +
        "Drops “apk update” and “rm -rf /var/cache/apk/*”, idle beside --no-cache. " +
        "Saves about 1.3 MB (published for apk add without --no-cache on Alpine 3.8).",
    ],
    [5, 5, "Drops “--update”, idle beside --no-cache."],
  ]);
});
