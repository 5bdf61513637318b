import type { Linking } from "../types.ts";
import { elfCollector } from "./collect-elf.ts";

/** A file's content as it goes by. */
export interface LinkingCollector {
  write(chunk: Uint8Array): void;
  end(): Linking | undefined;
}

/** ldconfig(8), and the documentation of musl, "Dynamic linker". */
const loaderConfig =
  /^(?:\.?\/)*etc\/(?:ld\.so\.conf(?:\.d\/[^/]+)?|ld-musl-[^/]+\.path)$/;

const longestConfig = 64 * 1024;

/** @param path As in the layer. */
export function linkingCollector(path: string): LinkingCollector {
  if (!loaderConfig.test(path)) {
    const collector = elfCollector();
    return {
      write(chunk) {
        collector.write(chunk);
      },
      end() {
        const elf = collector.end();
        return elf && { kind: "elf", elf };
      },
    };
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    write(chunk) {
      if (length < longestConfig) chunks.push(Buffer.from(chunk));
      length += chunk.length;
    },
    end: () => ({ kind: "loader-config", text: Buffer.concat(chunks).toString("utf8") }),
  };
}
