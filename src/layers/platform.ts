/**
 * The platform where its majors differ: what the system reports as errors, commands, services given beforehand, values
 * that all copies of this package share, and what is known of files.
 */

import type { Stats } from "node:fs"
import * as ByteSize from "effect/ByteSize"
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Errors from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"

/** What the platform's services fail with. */
export type PlatformError = Errors.PlatformError

const reasons: Readonly<Record<string, Errors.SystemErrorTag>> = {
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

/** What was done to what. */
interface SystemCall {
  readonly module: "FileSystem" | "Command"
  readonly method: string
  readonly subject: string | number
}

/** The error for what node threw. */
export const fromErrno = (
  { method, module, subject }: SystemCall,
  error: NodeJS.ErrnoException
): PlatformError =>
  Errors.systemError({
    _tag: reasons[error.code ?? ""] ?? "Unknown",
    module,
    method,
    pathOrDescriptor: subject,
    syscall: error.syscall,
    description: error.code ?? error.name
  })

/** Runs what may throw as node does. */
export const attempt = <A>(call: SystemCall, run: () => A): Effect.Effect<A, PlatformError> =>
  Effect.try({ try: run, catch: (error) => fromErrno(call, error as NodeJS.ErrnoException) })

/** The error of what cannot be done while the thread is blocked. */
export const unsupported = (module: SystemCall["module"], method: string): PlatformError =>
  Errors.badArgument({ module, method, description: "not possible while the thread is blocked" })

const codeIn = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : ""

/**
 * What went wrong, such as `NotFound`, and what the system says of it: where the platform has no word of its own, its
 * code is in there.
 */
export const reasonOf = ({
  reason
}: PlatformError): { readonly reason: string; readonly description: string } => ({
  reason: reason._tag,
  description: reason.description ?? codeIn(reason.cause)
})

/** What starts commands. */
export type Executor = ChildProcessSpawner.ChildProcessSpawner["Service"]

/** A command that has been started. */
export type Process = ChildProcessSpawner.ChildProcessHandle

/** A command to be started. Its input is this process's own, or at its end. */
export interface Command {
  /** A program and its arguments, or one line for the system's shell. */
  readonly words: readonly [string, ...string[]]
  readonly shell: boolean
  readonly input: "inherit" | "none"
}

/** Starts a command; it ends with the scope. */
export const start = (
  executor: Executor,
  { input, shell, words: [program, ...args] }: Command
): Effect.Effect<Process, PlatformError, Scope.Scope> =>
  executor.spawn(
    ChildProcess.make(program, args, {
      shell,
      extendEnv: true,
      stdin: input === "inherit" ? "inherit" : Stream.empty
    })
  )

/** Ends a command at once. */
export const kill = (process: Process): Effect.Effect<void, PlatformError> =>
  process.kill({ killSignal: "SIGKILL" })

/** Lets what a command has left behind go on when the scope closes. */
export const leave = (process: Process): Effect.Effect<void> => Effect.asVoid(Effect.orDie(process.unref))

/**
 * What is left of a program's input has nowhere to go, and its error would be logged with the command's words.
 */
export const unlogged: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> =
  /* @__PURE__ */ Effect.provideService(References.UnhandledLogLevel, undefined)

/**
 * Provides what the context has now to effects that run later. The context here also holds what a fiber has besides
 * services: the fiber that runs them keeps its own of those.
 */
export const provideCaptured = <R>(): Effect.Effect<
  <A, E>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E>,
  never,
  R
> =>
  Effect.map(Effect.context<R>(), (all) => {
    const taken = Context.omit(
      Tracer.ParentSpan,
      Tracer.Tracer,
      Clock.Clock,
      ConfigProvider.ConfigProvider,
      Random.Random,
      Scheduler.Scheduler,
      References.MinimumLogLevel,
      Logger.CurrentLoggers
    )(all as Context.Context<R | Tracer.ParentSpan>)
    return (effect) =>
      Effect.updateContext(effect, (now: Context.Context<never>) =>
        Context.merge(now, taken as Context.Context<R>)
      )
  })

const values: Map<symbol, unknown> = /* @__PURE__ */ (() => {
  const store = Symbol.for("effect-sts/4")
  const known: unknown = Reflect.get(globalThis, store)
  const map = known instanceof Map ? known : new Map<symbol, unknown>()
  Reflect.set(globalThis, store, map)
  return map
})()

/** A value that is made once in a process, whichever copy of this package asks. */
export const globalValue = <A>(key: symbol, make: () => A): A => {
  if (!values.has(key)) values.set(key, make())
  return values.get(key) as A
}

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

/** A place in an open file, and how many bytes of it. */
export type FileOffset = bigint
export type FileLength = number

/** What a read of an open file may be told. */
export type ReadOptions = FileSystem.File.ReadOptions

/** So many bytes were read or written. */
export const count = (bytes: number): number => bytes

/** The system's number of an open file. */
export const descriptor = (fd: number): number => fd

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
