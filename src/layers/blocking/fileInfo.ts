/** What is known of files, from node's words to the platform's. */

import type { Stats } from "node:fs"
import * as ByteSize from "effect/ByteSize"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"

const kinds = [
  ["File", (stats: Pick<Stats, Kind>) => stats.isFile()],
  ["Directory", (stats: Pick<Stats, Kind>) => stats.isDirectory()],
  ["SymbolicLink", (stats: Pick<Stats, Kind>) => stats.isSymbolicLink()],
  ["BlockDevice", (stats: Pick<Stats, Kind>) => stats.isBlockDevice()],
  ["CharacterDevice", (stats: Pick<Stats, Kind>) => stats.isCharacterDevice()],
  ["FIFO", (stats: Pick<Stats, Kind>) => stats.isFIFO()],
  ["Socket", (stats: Pick<Stats, Kind>) => stats.isSocket()]
] as const

/** So many bytes. */
export const size = (bytes: number | bigint): ByteSize.ByteSize => ByteSize.bytes(bytes)

/** What kind of file it is. */
export const typeOf = (stats: Pick<Stats, Kind>): FileSystem.File.Type =>
  kinds.find(([, is]) => is(stats))?.[0] ?? "Unknown"

type Kind =
  `is${"File" | "Directory" | "SymbolicLink" | "BlockDevice" | "CharacterDevice" | "FIFO" | "Socket"}`

/** The platform's description of a file. */
export const toInfo = (stats: Stats): FileSystem.File.Info => ({
  type: typeOf(stats),
  mtime: Option.some(stats.mtime),
  atime: Option.some(stats.atime),
  birthtime: Option.some(stats.birthtime),
  dev: BigInt(stats.dev),
  rdev: Option.some(BigInt(stats.rdev)),
  ino: Option.some(BigInt(stats.ino)),
  mode: stats.mode,
  nlink: Option.some(BigInt(stats.nlink)),
  uid: Option.some(stats.uid),
  gid: Option.some(stats.gid),
  size: size(stats.size),
  blksize: Option.some(size(stats.blksize)),
  blocks: Option.some(BigInt(stats.blocks))
})
