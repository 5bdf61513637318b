import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { improvable, workspace, type Workspace } from "../cli/workspace.ts";
import { dockerArchive } from "./archives.ts";
import { file, tar, whiteout } from "./tar.ts";

const bytes = (length: number) => "x".repeat(length);

const archive = dockerArchive({
  layers: [
    tar(file("app/kept", bytes(400)), file("tmp/old", bytes(600))),
    tar(whiteout("tmp")),
  ],
});

function space(): Workspace {
  const given = workspace({ "image.tar": archive, Dockerfile: improvable });
  mkdirSync(given.path("folder"));
  mkdirSync(given.path("locked"));
  chmodSync(given.path("locked"), 0o555);
  given.write("read-only.html", "mine");
  chmodSync(given.path("read-only.html"), 0o444);
  symlinkSync("image.tar", given.path("link-to-image"));
  execFileSync("mkfifo", [given.path("pipe")]);
  return given;
}

const history = ["history", "image.tar"];
/** Looking for the builder comes later, and would be another error. */
const verify = ["verify", "Dockerfile", "--builder", "no-such-builder"];

test.each([
  ["folder", "it is a folder", history],
  ["folder", "it is a folder", verify],
  ["new-folder/", "it names a folder", history],
  ["missing/page.html", "the folder ", history],
  ["missing/page.html", "the folder ", verify],
  ["Dockerfile/page.html", "a part of the path is not a folder", history],
  ["read-only.html", "it is read-only", history],
  ["pipe", "it is no regular file", history],
  ["locked/page.html", "permission denied", history],
  ["locked/page.html", "permission denied", verify],
  ["n".repeat(250), "the name is too long", history],
  ["image.tar", "it is a file that is read", history],
  ["link-to-image", "it is a file that is read", history],
  ["Dockerfile", "it is a file that is read", verify],
])("--report %s: %s", async (path, reason, words) => {
  const given = space();
  const before = given.names();
  const { code, stdout, stderr } = await given.run([...words, "--report", path], {
    unprivileged: true,
  });
  expect(stderr).toContain(`${path}: the report can't be written: ${reason}`);
  expect(stderr).toContain("Name another file by --report");
  expect(stdout).toBe("");
  expect(code).toBe(2);
  expect(given.names()).toEqual(before);
  expect(given.names("locked")).toEqual([]);
  expect(given.read("read-only.html")).toBe("mine");
});

test("the page replaces an older one, whose mode it keeps, through a link, too", async () => {
  const given = space();
  given.write("old.html", "old");
  chmodSync(given.path("old.html"), 0o640);
  symlinkSync("old.html", given.path("link.html"));
  const words = ["history", "image.tar", "--report", "link.html", "--format", "json"];
  const { code, stdout, stderr } = await given.run(words);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ image: { wastedBytes: 600 } });
  expect(given.read("old.html")).toMatch(/^<!doctype html>/);
  expect(statSync(given.path("old.html")).mode & 0o777).toBe(0o640);
  expect(
    given.names().filter((name) => name.endsWith(".html") && name !== "read-only.html"),
  ).toEqual(["link.html", "old.html"]);
});

test("without a difference in the input, there is none in the page", async () => {
  const given = space();
  for (const name of ["one.html", "two.html"]) {
    await given.run(["history", "image.tar", "--report", name]);
  }
  expect(given.read("one.html")).toBe(given.read("two.html"));
});

test("the page's policy admits its own style sheet and nothing else", async () => {
  const given = space();
  await given.run(["history", "image.tar", "--report", "page.html"]);
  const page = given.read("page.html");
  expect(page).toMatch(
    /http-equiv="Content-Security-Policy"\s+content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]+=*&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"/,
  );
  expect(page).not.toMatch(/<script|<link|<img|<iframe|\sstyle=|\son\w+=|https?:|url\(/);
});

test("a file that nothing changes in needs no report", async () => {
  const given = workspace({ Dockerfile: "FROM scratch\n" });
  const { code, stderr } = await given.run(["verify", "--report", "page.html"]);
  expect(stderr).toContain("there is nothing to verify");
  expect(code).toBe(0);
  expect(given.names()).toEqual(["Dockerfile"]);
});
