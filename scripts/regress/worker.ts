/** One process of the regression: measures its share of the corpus and sends it back. */
import { readCorpus } from "./corpus.ts";
import { measure } from "./measure.ts";

export interface Share {
  readonly corpus: string;
  /** Of `parts` shares, counted from 0; files are dealt out in turn. */
  readonly part: number;
  readonly parts: number;
}

process.once("message", ({ corpus, part, parts }: Share) => {
  const files = readCorpus(corpus).filter((_, index) => index % parts === part);
  process.send?.(files.map(measure), () => {
    process.disconnect();
  });
});
