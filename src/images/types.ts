import type { ElfFacts } from "./elf/parse-elf.ts";

export type FileType =
  "file" | "directory" | "symbolic-link" | "character-device" | "block-device" | "fifo";

/** What a file in an image is, apart from its name and contents. */
export interface FileAttributes {
  readonly type: FileType;
  /** Permissions with set-user-ID, set-group-ID and sticky bit: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link, as written; else undefined. */
  readonly linkTarget: string | undefined;
  /** Of a device, `major:minor`; else undefined. */
  readonly device: string | undefined;
  /** Extended attributes (xattr(7)); undefined where there are none. */
  readonly extended: ExtendedAttributes | undefined;
}

/**
 * Values by name; a value in hexadecimal with `0x` in front, or, where it is long, its
 * SHA-256 as `sha256:…`.
 */
export type ExtendedAttributes = ReadonlyMap<string, string>;

/** One entry of a layer's tar archive. */
export type LayerEntry =
  | {
      readonly kind: "file";
      /** Without slash at either end; empty for the root folder. */
      readonly path: string;
      readonly attributes: FileAttributes;
      /** Bytes of content; 0 for everything but regular files. */
      readonly size: number;
      /** SHA-256 of a regular file's content in hexadecimal, where it was asked for. */
      readonly sha256: string | undefined;
      /** What the dynamic loader reads in it, where that was asked for. */
      readonly linking: Linking | undefined;
      /** The content as UTF-8, where that was asked for. */
      readonly text: string | undefined;
    }
  | {
      readonly kind: "hard-link";
      readonly path: string;
      /** The path of which this is another name. */
      readonly target: string;
    };

/** A file that takes part in finding libraries. */
export type Linking =
  | { readonly kind: "elf"; readonly elf: ElfFacts }
  /** `/etc/ld.so.conf` and what it includes, or musl's list of folders. */
  | { readonly kind: "loader-config"; readonly text: string };

export type Compression = "none" | "gzip" | "zstd";

/** A layer as its archive tells it. */
export interface LayerContents {
  readonly compression: Compression;
  /** Bytes as stored in the image. */
  readonly packedBytes: number;
  /** Bytes of the tar archive, headers and padding included. */
  readonly tarBytes: number;
  /** `sha256:…` of the tar archive. */
  readonly diffId: string;
  readonly entries: readonly LayerEntry[];
}

/** What `config` of an image's configuration holds; fields as in the OCI image specification. */
export interface RuntimeConfig {
  readonly User?: string | undefined;
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | undefined;
  readonly Env?: readonly string[] | undefined;
  readonly Entrypoint?: readonly string[] | undefined;
  readonly Cmd?: readonly string[] | undefined;
  readonly Volumes?: Readonly<Record<string, unknown>> | undefined;
  readonly WorkingDir?: string | undefined;
  readonly Labels?: Readonly<Record<string, string>> | undefined;
  readonly StopSignal?: string | undefined;
  readonly Shell?: readonly string[] | undefined;
  readonly OnBuild?: readonly string[] | undefined;
  /** Docker's; the times are nanoseconds. */
  readonly Healthcheck?: Readonly<Record<string, unknown>> | undefined;
}

export interface HistoryEntry {
  /** RFC 3339. */
  readonly created: string | undefined;
  readonly createdBy: string;
  readonly comment: string | undefined;
  /** The instruction changed the configuration only. */
  readonly emptyLayer: boolean;
}

export interface Image {
  /** Tags that the archive gives it. */
  readonly names: readonly string[];
  /** `os/architecture[/variant]`. */
  readonly platform: string;
  readonly config: RuntimeConfig;
  readonly history: readonly HistoryEntry[];
  /** Bottom layer first. */
  readonly layers: readonly LayerContents[];
}
