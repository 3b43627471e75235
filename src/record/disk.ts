import { closeSync, mkdirSync, openSync, statSync, write, writeSync } from 'node:fs';

/** The file system operations that a record needs. */
export interface Disk {
  isFolder(path: string): boolean;
  makeFolder(path: string): void;
  /** Creates a file; throws if it exists. */
  create(path: string): number;
  /** Writes at a position. Resolves with the number of bytes written, which may be fewer. */
  write(file: number, bytes: Uint8Array, position: number): Promise<number>;
  writeNow(file: number, bytes: Uint8Array, position: number): number;
  close(file: number): void;
}

export const nodeDisk: Disk = {
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  // Only the owner may read the file.
  create: (path) => openSync(path, 'wx', 0o600),
  write: (file, bytes, position) =>
    new Promise((resolve, reject) => {
      write(file, bytes, 0, bytes.length, position, (error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    }),
  writeNow: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
  close: (file) => closeSync(file),
};
