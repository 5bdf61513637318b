import { nearest } from "../output/wording.ts";
import { transforms } from "../../transforms/index.ts";

/** Says that there is no such transform and which one may be meant; undefined if there is. */
export function unknownTransform(id: string): string | undefined {
  const ids = transforms.map((transform) => transform.id);
  if (ids.includes(id)) return undefined;
  const guess = nearest(id, ids);
  return guess === undefined
    ? `there is no transform "${id}". \`dockerslim list\` shows them all.`
    : `there is no transform "${id}". Did you mean "${guess}"?`;
}
