import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { file, tarEntry, type Entry } from "../../test/images/tar.ts";

const layers = 4;
const filesPerLayer = 10_000;
const bytesPerFile = 50_000;

/** Writes an archive as `docker save` does: 2 GB in files of 50 kB, in four layers. */
export function writeArchive(path: string): void {
  const descriptor = openSync(path, "w");
  try {
    const content = Buffer.alloc(bytesPerFile, "Incompressible it need not be. ");
    const layerBytes = filesPerLayer * tarEntry(file("", content)).length + 1024;
    const diffIds = Array.from({ length: layers }, (_, layer) => {
      const name = `layer-${layer}.tar`;
      writeSync(descriptor, tarEntry({ ...file(name), size: layerBytes }));
      const hash = createHash("sha256");
      const write = (bytes: Buffer) => {
        hash.update(bytes);
        writeSync(descriptor, bytes);
      };
      for (const entry of filesOf(layer, content)) write(tarEntry(entry));
      write(Buffer.alloc(1024));
      return `sha256:${hash.digest("hex")}`;
    });
    const manifest = {
      Config: "config.json",
      Layers: diffIds.map((_, layer) => `layer-${layer}.tar`),
    };
    const config = { rootfs: { diff_ids: diffIds } };
    writeSync(descriptor, tarEntry(file("config.json", JSON.stringify(config))));
    writeSync(descriptor, tarEntry(file("manifest.json", JSON.stringify([manifest]))));
    writeSync(descriptor, Buffer.alloc(1024));
  } finally {
    closeSync(descriptor);
  }
}

/** Every tenth file is one that the layer below has, too. */
function* filesOf(layer: number, content: Buffer): Generator<Entry> {
  for (let number = 0; number < filesPerLayer; number += 1) {
    const place = number % 10 === 0 ? "shared" : `layer-${layer}`;
    yield file(`srv/${place}/${number % 100}/file-${number}`, content);
  }
}
