// What a file is told as numbers where Effect 4 has big integers.
import type { Stats } from "node:fs"
import * as FileSystem from "@effect/platform/FileSystem"
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

export const size = (bytes: number | bigint): FileSystem.Size => FileSystem.Size(bytes)

type Kind =
  `is${"File" | "Directory" | "SymbolicLink" | "BlockDevice" | "CharacterDevice" | "FIFO" | "Socket"}`

export const typeOf = (stats: Pick<Stats, Kind>): FileSystem.File.Type =>
  kinds.find(([, is]) => is(stats))?.[0] ?? "Unknown"

export const toInfo = (stats: Stats): FileSystem.File.Info => ({
  type: typeOf(stats),
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
