import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefused } from './start-refused.ts';

const STICKY = 0o1000;
const OF_OTHERS = 0o077;

/** Where the PocketBase service keeps its database. */
export const pocketbaseDir = (dataDir: string): string => join(dataDir, 'pocketbase');

/**
 * Makes the data folder if need be, and closes it to other users: it holds the keys.
 * @throws StartRefused when it can't be made, or is a folder of all users
 */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const { mode } = statSync(dataDir);
    if (mode & STICKY)
      throw new StartRefused(`DATA_DIR=${dataDir} is shared by all users of this machine: name a folder below it.`);
    closeToOthers(dataDir);
  } catch (fault) {
    if (fault instanceof StartRefused) throw fault;
    const { code } = fault as NodeJS.ErrnoException;
    throw new StartRefused(
      `The data folder ${dataDir} can't be used (${code}). Set DATA_DIR to a folder that you may write to.`,
    );
  }
}

/** Takes a file or folder from the reach of other users. */
export function closeToOthers(path: string): void {
  const { mode } = statSync(path);
  if ((mode & OF_OTHERS) === 0) return;
  try {
    chmodSync(path, mode & 0o700);
  } catch (fault) {
    // A volume may belong to somebody else; the files in it are closed all the same.
    if ((fault as NodeJS.ErrnoException).code !== 'EPERM') throw fault;
  }
}
