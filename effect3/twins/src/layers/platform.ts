// Each reason is an error of its own.

import type { Stats } from "node:fs"
import * as Platform from "@effect/platform/Command"
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Errors from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"

export type PlatformError = Errors.PlatformError

const reasons: Readonly<Record<string, Errors.SystemErrorReason>> = {
  ENOENT: "NotFound",
  EACCES: "PermissionDenied",
  EPERM: "PermissionDenied",
  EEXIST: "AlreadyExists",
  EISDIR: "BadResource",
  ENOTDIR: "BadResource",
  ELOOP: "BadResource",
  EBUSY: "Busy",
  ETIMEDOUT: "TimedOut"
}

export interface SystemCall {
  readonly module: "FileSystem" | "Command"
  readonly method: string
  readonly subject: string | number
}

export const fromErrno = (
  { method, module, subject }: SystemCall,
  error: NodeJS.ErrnoException
): PlatformError =>
  new Errors.SystemError({
    reason: reasons[error.code ?? ""] ?? "Unknown",
    module,
    method,
    pathOrDescriptor: subject,
    syscall: error.syscall,
    description: error.code ?? error.name
  })

export const attempt = <A>(call: SystemCall, run: () => A): Effect.Effect<A, PlatformError> =>
  Effect.try({ try: run, catch: (error) => fromErrno(call, error as NodeJS.ErrnoException) })

export const unsupported = (module: SystemCall["module"], method: string): PlatformError =>
  new Errors.BadArgument({ module, method, description: "not possible while the thread is blocked" })

export const reasonOf = (error: PlatformError): { readonly reason: string; readonly description: string } =>
  error._tag === "SystemError"
    ? { reason: error.reason, description: error.description ?? "" }
    : { reason: error._tag, description: "" }

export type Executor = CommandExecutor.CommandExecutor

export type Process = CommandExecutor.Process

export interface Command {
  /** A program and its arguments, or one line for the system's shell. */
  readonly words: readonly [string, ...string[]]
  readonly shell: boolean
  readonly input: "inherit" | "none"
}

export const start = (
  executor: Executor,
  { input, shell, words }: Command
): Effect.Effect<Process, PlatformError, Scope.Scope> =>
  executor.start(
    Platform.make(...words).pipe(
      Platform.runInShell(shell),
      Platform.stdin(input === "inherit" ? "inherit" : Stream.empty)
    )
  )

export const leave = (_: Process): Effect.Effect<void> => Effect.void

export const kill = (process: Process): Effect.Effect<void, PlatformError> => process.kill("SIGKILL")

export const unlogged: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  Effect.withUnhandledErrorLogLevel(Option.none())

export const provideCaptured = <R>(): Effect.Effect<
  <A, E>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E>,
  never,
  R
> =>
  Effect.map(Effect.context<R>(), (all) => {
    const taken = Context.omit(Tracer.ParentSpan)(all as Context.Context<R | Tracer.ParentSpan>)
    return (effect) =>
      Effect.mapInputContext(effect, (now: Context.Context<never>) =>
        Context.merge(now, taken as Context.Context<R>)
      )
  })

// Effect has it.
export { globalValue } from "effect/GlobalValue"

const kinds = [
  ["File", (stats: Pick<Stats, Kind>) => stats.isFile()],
  ["Directory", (stats: Pick<Stats, Kind>) => stats.isDirectory()],
  ["SymbolicLink", (stats: Pick<Stats, Kind>) => stats.isSymbolicLink()],
  ["BlockDevice", (stats: Pick<Stats, Kind>) => stats.isBlockDevice()],
  ["CharacterDevice", (stats: Pick<Stats, Kind>) => stats.isCharacterDevice()],
  ["FIFO", (stats: Pick<Stats, Kind>) => stats.isFIFO()],
  ["Socket", (stats: Pick<Stats, Kind>) => stats.isSocket()]
] as const

export type FileOffset = FileSystem.SizeInput
export type FileLength = FileSystem.SizeInput

export type ReadOptions = { readonly position?: bigint | undefined }

export const count = FileSystem.Size

export const descriptor = FileSystem.FileDescriptor

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
