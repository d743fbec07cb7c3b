/**
 * What is known of files, from node's words to the platform's.
 *
 * @since 0.1.0
 */

import type { Stats } from "node:fs"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Option from "effect/Option"

const kinds = [
  ["File", (stats: Stats) => stats.isFile()],
  ["Directory", (stats: Stats) => stats.isDirectory()],
  ["SymbolicLink", (stats: Stats) => stats.isSymbolicLink()],
  ["BlockDevice", (stats: Stats) => stats.isBlockDevice()],
  ["CharacterDevice", (stats: Stats) => stats.isCharacterDevice()],
  ["FIFO", (stats: Stats) => stats.isFIFO()],
  ["Socket", (stats: Stats) => stats.isSocket()]
] as const

/**
 * So many bytes.
 *
 * @category conversions
 * @since 0.1.0
 */
export const size = (bytes: number | bigint): FileSystem.Size => FileSystem.Size(bytes)

/**
 * The platform's description of a file.
 *
 * @category conversions
 * @since 0.1.0
 */
export const toInfo = (stats: Stats): FileSystem.File.Info => ({
  type: kinds.find(([, is]) => is(stats))?.[0] ?? "Unknown",
  mtime: Option.some(stats.mtime),
  atime: Option.some(stats.atime),
  birthtime: Option.some(stats.birthtime),
  dev: stats.dev,
  rdev: Option.some(stats.rdev),
  ino: Option.some(stats.ino),
  mode: stats.mode,
  nlink: Option.some(stats.nlink),
  uid: Option.some(stats.uid),
  gid: Option.some(stats.gid),
  size: size(stats.size),
  blksize: Option.some(size(stats.blksize)),
  blocks: Option.some(stats.blocks)
})
