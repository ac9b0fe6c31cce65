import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Replaces a file, for its owner only: on disk when this returns, and never half, also if the power fails meanwhile. */
export function replaceFile(file: string, text: string): void {
  moveIntoPlace(writeBeside(file, text), file);
}

/** Gives a finished file its name: on disk under that name when this returns, or not there at all. */
export function moveIntoPlace(finished: string, file: string): void {
  sync(finished);
  renameSync(finished, file);
  sync(dirname(file));
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
  sync(dirname(file));
  return true;
}

function writeBeside(file: string, text: string): string {
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, text, { mode: 0o600, flush: true });
  return unfinished;
}

/** Of a file its content, of a folder the names in it. */
function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
