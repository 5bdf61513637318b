/** A program that builds and stores images, as the argument lists that make it do so. */
export interface Builder {
  readonly id: "docker" | "podman" | "buildah";
  /** Its exit code is 0 if there is such an image. */
  hasImage(name: string): readonly string[];
  /** Writes an archive that `readImage` reads. */
  exportImage(name: string, file: string): readonly string[];
}
