import { baseName, folderOf } from "../../paths.ts";
import type { Silence } from "../../plan.ts";
import type { SplitSubject } from "../../subject.ts";

/** What the sources and build files of the build context tell of a program in C or C++. */
export interface NativeSources {
  /** Makefiles, CMakeLists.txt, meson.build and their like, as one text. */
  readonly buildFiles: string;
  readonly hasCpp: boolean;
  /** Sources and headers, as one text. */
  readonly code: string;
  /** Whether the program may read a file at run time. */
  readonly isRead: (path: string) => boolean;
}

const codeFile = /\.(c|cc|cpp|cxx|c\+\+|C|h|hh|hpp|hxx|inl|ipp|S|s|asm|y|l)$/;
const buildFile =
  /(^|\/)(GNUmakefile|[Mm]akefile[^/]*|CMakeLists\.txt|CMakePresets\.json|meson\.build|meson_options\.txt|configure(\.ac|\.in)?|[^/]*\.(mk|cmake|am|ac|m4|pc\.in))$/;

/** @returns undefined where there is no build context, or it holds no sources */
export function readNativeSources({
  context,
  files,
}: SplitSubject): NativeSources | undefined {
  if (!context) return undefined;
  const textOf = (pattern: RegExp): string =>
    [...files]
      .filter(([path]) => pattern.test(path))
      .map(([, file]) => context.read(file) ?? "")
      .join("\n");
  const code = textOf(codeFile);
  if (code === "") return undefined;
  return {
    code,
    buildFiles: textOf(buildFile),
    hasCpp: [...files.keys()].some((path) => /\.(cc|cpp|cxx|c\+\+|C)$/.test(path)),
    isRead(path) {
      if (codeFile.test(path) || buildFile.test(path) || /\.[oad]$/.test(path))
        return false;
      const parent = baseName(folderOf(path)).replace(/[^\w-]/g, ".");
      return (
        code.includes(baseName(path)) ||
        (parent !== "" && new RegExp(`["/]${parent}["/]`).test(code))
      );
    },
  };
}

const compiling =
  /\b(system|popen|exec[lv]p?e?|posix_spawnp?)\s*\([^;]*"[^"]*\b(gcc|g\+\+|cc|c\+\+|clang|tcc|make|ld|as)\b|\b(tcc_new|gcc_jit_context_acquire|LLVMCreate\w*JIT\w*)\s*\(/;
const loading = /\b(dlopen|lt_dlopen|g_module_open)\s*\(/;
const shared =
  /-shared\b|add_library\s*\([^)]*\b(SHARED|MODULE)\b|shared_library\s*\(|BUILD_SHARED_LIBS/;

/** Why what a program loads or starts can't be told. */
export function whyDynamic(
  { stage, commands }: SplitSubject,
  sources: NativeSources | undefined,
): Silence | undefined {
  const windows = commands.find(({ program = "" }) => program.includes("mingw"));
  if (windows) return { reason: "it builds for Windows", range: windows.range };
  if (!sources) return undefined;
  const { range } = stage.from;
  if (compiling.test(sources.code))
    return { reason: "the program compiles at run time", range };
  if (loading.test(sources.code))
    return { reason: "the program loads libraries at run time (dlopen)", range };
  return shared.test(sources.buildFiles)
    ? {
        reason: "it builds shared libraries: which of them are loaded can't be told",
        range,
      }
    : undefined;
}
