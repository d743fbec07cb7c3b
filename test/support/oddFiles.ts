/**
 * What may be in a file's place that is not the file that somebody looks for there.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import type * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "../../src/layers/platform.js"
import { type Reason, refuse } from "./systemErrors.js"

export interface Odd {
  /** Puts it in the file's place, whose folder is there. */
  readonly lay: (file: string) => void
  /** What is said of it. */
  readonly reason: RegExp
  /** How a file system treats whoever comes near it. */
  readonly fileSystem?: (fs: FileSystem.FileSystem, file: string) => FileSystem.FileSystem
}

const instead = (lay: (file: string) => void) => (file: string) => {
  rmSync(file, { recursive: true, force: true })
  lay(file)
}

/** Whoever runs the tests may be allowed to read everything. */
const refusing =
  (reason: Reason, description: string) =>
  (fs: FileSystem.FileSystem, file: string): FileSystem.FileSystem => {
    const folder = dirname(file)
    const guard =
      <A>(method: string, use: (path: string) => Effect.Effect<A, PlatformError>) =>
      (path: string) =>
        path === file || path === folder ? refuse(method, path, reason, description) : use(path)
    return {
      ...fs,
      stat: guard("stat", fs.stat as never),
      readLink: guard("readLink", fs.readLink as never),
      readFile: guard("readFile", fs.readFile as never),
      readFileString: guard("readFileString", fs.readFileString as never)
    }
  }

const nothing = () => undefined
const mode = { mode: 0o600 }

export const oddFiles: Readonly<Record<string, Odd>> = {
  "that may not be read": {
    lay: nothing,
    reason: /PermissionDenied/,
    fileSystem: refusing("PermissionDenied", "EACCES: permission denied")
  },
  "that an operation is not permitted on": {
    lay: nothing,
    reason: /EPERM/,
    fileSystem: refusing("Unknown", "EPERM: operation not permitted")
  },
  "on a broken disk": { lay: nothing, reason: /EIO/, fileSystem: refusing("Unknown", "EIO: i/o error") },
  "that is a folder": { lay: instead((file) => mkdirSync(file)), reason: /a folder/ },
  "below a file": {
    lay: (file) => instead((folder) => writeFileSync(folder, "", mode))(dirname(file)),
    reason: /ENOTDIR/
  },
  "that is a link to itself": { lay: instead((file) => symlinkSync(file, file)), reason: /ELOOP/ },
  "that is a link to nothing": {
    lay: instead((file) => symlinkSync(`${file}.gone`, file)),
    reason: /a symbolic link in its path is broken/
  },
  "below a link to nothing": {
    lay: (file) => instead((folder) => symlinkSync(`${folder}.gone`, folder))(dirname(file)),
    reason: /a symbolic link in its path is broken/
  },
  "that is endless": { lay: instead((file) => symlinkSync("/dev/zero", file)), reason: /a device/ },
  "that is a pipe nobody writes to": {
    lay: instead((file) => execFileSync("mkfifo", ["-m", "600", file])),
    reason: /a pipe without a writer/
  },
  "that is too large": {
    lay: instead((file) => {
      writeFileSync(file, "[default]\n", mode)
      truncateSync(file, 300 * 1024 * 1024)
    }),
    reason: /larger than 4 MiB/
  }
}
