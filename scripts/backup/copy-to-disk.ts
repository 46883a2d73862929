import { closeSync, constants, copyFileSync, fsyncSync, openSync } from "node:fs";

/** Copies a file to where none is yet, and returns once the copy would outlast a power cut. Its mode stays what it was. */
export function copyToDisk(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  toDisk(to);
}

/** Of a folder: the names in it. */
export function toDisk(path: string): void {
  const descriptor = openSync(path, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
