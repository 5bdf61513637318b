/**
 * What no image that someone builds comes near to, so that a hostile one can't use up the
 * memory. The longest path and name are those of Linux (limits.h).
 */
export const limits = {
  /** Entries in all layers of an archive together. */
  entries: 2_000_000,
  /** Bytes of a path or link target. */
  pathBytes: 4096,
  /** Bytes of one name in a path. */
  nameBytes: 255,
  /** Bytes of the value of an extended attribute, as in Linux. */
  attributeBytes: 64 * 1024,
  /** Folders above a file, also where symbolic links lead there. */
  depth: 4096,
  /** Bytes of a manifest, index or configuration. */
  documentBytes: 8 * 1024 * 1024,
  /** Bytes of all documents of an archive together. */
  allDocumentBytes: 64 * 1024 * 1024,
  /** Bytes of one file of which the text is kept. */
  textBytes: 8 * 1024 * 1024,
  /** Bytes of all such files of an image together. */
  allTextBytes: 64 * 1024 * 1024,
  /** Symbolic links followed for one path, as in Linux. */
  linksFollowed: 40,
  /** Something that unpacks to more bytes than this … */
  unpackedBytes: 1024 * 1024 * 1024,
  /** … and to so many times its packed size is taken for a bomb. */
  unpackedRatio: 250,
} as const;
