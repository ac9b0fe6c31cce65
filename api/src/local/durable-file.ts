import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Replaces a file, for its owner only: on disk when this returns, and never half, also if the power fails meanwhile. */
export function replaceFile(file: string, text: string): void {
  renameSync(writeBeside(file, text), file);
  syncFolderOf(file);
}

/** Makes a file like `replaceFile`, unless there is one. @returns false when there was one, which stays as it is */
export function createFile(file: string, text: string): boolean {
  const unfinished = writeBeside(file, text);
  try {
    // Unlike a rename, a link never takes the place of a file that somebody else has made meanwhile.
    linkSync(unfinished, file);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fault;
  } finally {
    rmSync(unfinished);
  }
  syncFolderOf(file);
  return true;
}

function writeBeside(file: string, text: string): string {
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, text, { mode: 0o600, flush: true });
  return unfinished;
}

/** A new name is on disk only when its folder is. */
function syncFolderOf(file: string): void {
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
