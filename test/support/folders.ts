/**
 * Folders of real files. What a file of tests makes is gone when its last test is over: `test/setup.ts` sees to that.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const made: Array<string> = []

/** An empty folder, in which a home directory or a cache may be. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "effect-sts-test-"))
  made.push(folder)
  return folder
}

export const removeFolders = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
