import { readFile, rename, writeFile } from "node:fs/promises";

export interface Guest {
  name: string;
  people: number;
}

function isGuest(value: unknown): value is Guest {
  if (typeof value !== "object" || value === null) return false;
  const { name, people } = value as Partial<Record<keyof Guest, unknown>>;
  return (
    typeof name === "string" &&
    name.trim() !== "" &&
    name.length <= 100 &&
    Number.isInteger(people) &&
    Number(people) >= 0 &&
    Number(people) <= 10
  );
}

/** The guest that a request's body describes; undefined where it describes none. */
export function parseGuest(body: unknown): Guest | undefined {
  return isGuest(body) ? { name: body.name.trim(), people: body.people } : undefined;
}

export async function readGuests(file: string): Promise<Guest[]> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return Array.isArray(value) ? value.filter(isGuest) : [];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

export async function writeGuests(file: string, guests: Guest[]): Promise<void> {
  // A reader never sees half a file.
  await writeFile(`${file}.new`, JSON.stringify(guests));
  await rename(`${file}.new`, file);
}
