/** An update of apt's lists that a later RUN gets because the lists are removed before it. */
import {
  aptUse,
  prefixUser,
  removesAptLists,
  sameWords,
  withoutPrefix,
} from "./cleanup.ts";
import type { Build, BuildEvent, Item } from "./execute.ts";

/** Commands that get new lists where the old ones are gone. */
const INSTALLS =
  /^(?:apt-get|apt|aptitude) (?:-\S+ )*(?:install|upgrade|dist-upgrade|full-upgrade)(?: |$)/;
const UPDATES = /^(?:apt-get|apt|aptitude) (?:-\S+ )*update(?: -\S+)*$/;

/** Text of a command or instruction that may have changed what an update fetches. */
const CHANGES_SOURCES =
  /\/etc\/apt|sources\.list|keyring|apt-key|apt-repository|add-architecture|apt-mark|\bdpkg (?:-i|--install|--unpack|--purge)|\bgdebi\b|\b(?:purge|remove|autoremove)\b|\bproxy\b|_proxy|_PROXY|APT_CONFIG|\.deb\b.*\bdpkg\b/;
const OWN_CODE =
  /^(?:\.\/|\/(?!usr\/|s?bin\/)\S+\/)|\.sh$|^(?:ba|da|a)?sh$|^(?:\.|source|eval)$/;

/**
 * Whether an install gets, right in front of it, the update that the stage has run already:
 * the same words by the same user, with the same prefix as the install's, its lists removed in
 * between and nothing there that could make it fetch anything else.
 */
export function isRepeatedUpdate(
  event: BuildEvent,
  items: readonly Item[],
  place: number,
): boolean {
  const words = withoutPrefix(event.argv);
  if (event.kind !== "exec" || !UPDATES.test(words.join(" "))) return false;
  const next = eventAt(items, place + 1);
  if (next?.stepIndex !== event.stepIndex || !isInstall(next)) return false;
  if (!sameWords(prefixOf(next.argv), prefixOf(event.argv))) return false;
  if (next.user !== event.user || next.flags.length + event.flags.length > 0)
    return false;
  const first = items.findLastIndex(
    (item, index) =>
      index < place &&
      item.type === "event" &&
      item.event.kind === "exec" &&
      aptUse(item.event.argv) === "update",
  );
  const earlier = eventAt(items, first);
  if (!earlier || !sameWords(earlier.argv, event.argv)) return false;
  if (earlier.user !== event.user || earlier.flags.length > 0) return false;
  const between = items.slice(first + 1, place);
  return (
    between.some((item) => item.type === "event" && removesAptLists(item.event.argv)) &&
    !between.some(mayChangeSources)
  );
}

function isInstall({ kind, argv }: BuildEvent): boolean {
  return (
    kind === "exec" &&
    INSTALLS.test(withoutPrefix(argv).join(" ")) &&
    !argv.some((word) => /^--no-download$|^-(?:s|d|o|c)$|^Dir::/.test(word))
  );
}

/** `sudo -E` in front of a command. */
function prefixOf(argv: readonly string[]): readonly string[] {
  const { length } = withoutPrefix(argv);
  return prefixUser(argv) === undefined ? [] : argv.slice(0, argv.length - length);
}

function mayChangeSources(item: Item): boolean {
  if (item.type === "barrier")
    return CHANGES_SOURCES.test(item.text) || bringsSources(item.text);
  const { kind, argv } = item.event;
  if (kind === "read") return false;
  const words = withoutPrefix(argv);
  return (
    CHANGES_SOURCES.test(words.join(" ")) ||
    (kind === "exec" && OWN_CODE.test(words[0] ?? ""))
  );
}

/** A COPY or ADD of a folder over `/` or `/etc`. */
function bringsSources(barrier: string): boolean {
  const [, text] = /^(?:COPY|ADD) (.*)$/s.exec(barrier) ?? [];
  if (text === undefined) return false;
  const { words, cwd } = JSON.parse(text) as { words: string[]; cwd: string };
  const target = words.at(-1) ?? "";
  const path = target.startsWith("/") ? target : `${cwd}/${target}`;
  return /^(?:\/|\.)*(?:etc\/*)?$/.test(path);
}

function eventAt(items: readonly Item[], index: number): BuildEvent | undefined {
  const item = items[index];
  return item?.type === "event" ? item.event : undefined;
}

/** A build without the event that was made to fail in it. */
export function withoutFailed(
  build: Build,
  failed: number,
  { stepIndex, key, nth }: BuildEvent,
): Build {
  return {
    ...build,
    stages: build.stages.map((stage, index) => ({
      ...stage,
      items: stage.items.filter(
        (item) =>
          index !== failed ||
          item.type !== "event" ||
          item.event.stepIndex !== stepIndex ||
          item.event.key !== key ||
          item.event.nth !== nth,
      ),
    })),
  };
}
