/**
 * What may be wrong with a file that a source reads.
 */

import { chmodSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type * as FileSystem from "effect/FileSystem"
import { refuse } from "../support/systemErrors.js"
import type { Conditions } from "./withSource.js"

/** Of the file with this path below the home directory. */
type FileTroubleOf = (path: string) => Conditions

const holding =
  (change: (text: string) => string | Uint8Array): FileTroubleOf =>
  (path) => ({ rewrite: { path, change } })

const at =
  (change: (path: string) => void): FileTroubleOf =>
  (path) => ({ before: (home) => change(join(home, path)) })

/** Whoever runs the tests may be allowed to read everything. */
const forbidden: FileTroubleOf = (path) => ({
  fileSystem: (fs, home): FileSystem.FileSystem => ({
    ...fs,
    readFileString: (file, encoding) =>
      file === join(home, path)
        ? refuse("readFileString", file, "PermissionDenied")
        : fs.readFileString(file, encoding)
  })
})

const bytes = Uint8Array.from({ length: 4_096 }, (_, index) => (index * 89 + 128) % 256)

const many = 16 * 1024

const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, "utf16le")

export const fileTroubles = {
  missing: at((path) => rmSync(path)),
  "a folder": at((path) => {
    rmSync(path)
    mkdirSync(path)
  }),
  "no permission": forbidden,
  empty: holding(() => ""),
  "blank lines": holding(() => "\n \n\n"),
  binary: holding(() => bytes),
  "cut in the middle": holding((text) => text.slice(0, text.length / 2)),
  "NUL bytes": holding((text) => text.replaceAll("\n", "\0\n").replace(/$/, "\0")),
  "a long way to it": holding((text) => "\n".repeat(many) + text),
  "UTF-16": holding(utf16),
  "a byte order mark": holding((text) => `\uFEFF${text}`),
  CRLF: holding((text) => text.replaceAll("\n", "\r\n")),
  "read by everybody": at((path) => chmodSync(path, 0o644))
} as const satisfies Readonly<Record<string, FileTroubleOf>>

export type FileTrouble = keyof typeof fileTroubles
