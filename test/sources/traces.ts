/**
 * What sources leave behind on a machine.
 */
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join, relative } from "node:path"

export interface Left {
  readonly path: string
  readonly mode: number
  readonly isFolder: boolean
  readonly text: string
}

const leftOf =
  (home: string) =>
  (entry: Dirent): Left => {
    const path = join(entry.parentPath, entry.name)
    return {
      path: relative(home, path),
      mode: statSync(path).mode & 0o777,
      isFolder: entry.isDirectory(),
      text: entry.isDirectory() ? "" : readFileSync(path, "utf8")
    }
  }

/** Every file and folder below a home directory. */
export const leftIn = (home: string): ReadonlyArray<Left> =>
  existsSync(home) ? readdirSync(home, { recursive: true, withFileTypes: true }).map(leftOf(home)) : []
