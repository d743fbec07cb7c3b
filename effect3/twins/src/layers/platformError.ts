// Each reason is an error of its own.
import * as Errors from "@effect/platform/Error"
import * as Effect from "effect/Effect"

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

export interface Deed {
  readonly module: "FileSystem" | "Command"
  readonly method: string
  readonly subject: string | number
}

export const fromErrno = ({ method, module, subject }: Deed, error: NodeJS.ErrnoException): PlatformError =>
  new Errors.SystemError({
    reason: reasons[error.code ?? ""] ?? "Unknown",
    module,
    method,
    pathOrDescriptor: subject,
    syscall: error.syscall,
    description: error.code ?? error.name
  })

export const attempt = <A>(deed: Deed, run: () => A): Effect.Effect<A, PlatformError> =>
  Effect.try({ try: run, catch: (error) => fromErrno(deed, error as NodeJS.ErrnoException) })

export const unsupported = (module: Deed["module"], method: string): PlatformError =>
  new Errors.BadArgument({ module, method, description: "not possible while the thread is blocked" })

export const reasonOf = (error: PlatformError): { readonly reason: string; readonly description: string } =>
  error._tag === "SystemError"
    ? { reason: error.reason, description: error.description ?? "" }
    : { reason: error._tag, description: "" }
