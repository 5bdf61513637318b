import { absolutePath } from "./paths.ts";
import type { SplitSubject } from "./subject.ts";

/** Folders that a stage puts on PATH by ENV; of the base image's only those that it names. */
export function searchedFolders({
  instructions,
  base,
}: Pick<SplitSubject, "instructions" | "base">): readonly string[] {
  return instructions.flatMap(({ keyword, body }) => {
    if (keyword !== "ENV" || !/^PATH[\s=]|\sPATH=/.test(body.text)) return [];
    const text = body.text.replace(
      /\$\{?(\w+)\}?/g,
      (word, name: string) => base.env.get(name) ?? word,
    );
    return text
      .split(/[\s:="']/)
      .flatMap((word) => (word.startsWith("/") ? (absolutePath(word, "/") ?? []) : []));
  });
}
