/** What a failed call of a credential source's own means to who asked for credentials. */
import {
  type Cloud,
  type CredentialErrorReason,
  type ErrorCategory,
  type FailedCall,
  StsConfigError,
  StsCredentialError,
  type StsValidationError
} from "../schemas/StsError.js"
import type { SourceError } from "./CredentialSource.js"

/**
 * A setting, and where it was stated: a variable or an option by its name alone, a file's key with file and line.
 */
export interface Stated {
  readonly key: string
  readonly file?: string | undefined
  readonly line?: number | undefined
  /** What to do where it is refused. */
  readonly hint?: string | undefined
}

/** Which source failed, and where it was configured. */
export interface Source {
  readonly cloud: Cloud
  readonly source: string
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly profile?: string | undefined
  /** Where the fields of its calls were stated, by their names; those that are left out are the program's options. */
  readonly stated?: Readonly<Record<string, Stated>> | undefined
}

// Somebody has to grant, create or repair something first.
const lastingCategories: ReadonlySet<ErrorCategory> = new Set([
  "access-denied",
  "identity-provider",
  "not-found",
  "invalid-request"
])

/** Whether a refusal may be over soon: keys and tokens are replaced, clocks set, networks left. */
const isTransient = (error: FailedCall): boolean => {
  if (error._tag !== "StsApiError") return true
  const { category, code, status } = error
  if (/expired/i.test(code)) return true
  return !lastingCategories.has(category) && !(category === "other" && status === 403)
}

const reasonOf = (error: FailedCall): CredentialErrorReason => {
  switch (error._tag) {
    case "StsApiError":
      return error.retryable ? "Unavailable" : "Refused"
    case "StsTransportError":
      return error.reason === "Tls" || error.reason === "InvalidRequest" ? "Refused" : "Unavailable"
    case "StsResponseError":
      return "Unavailable"
    default:
      return "Malformed"
  }
}

const fieldName = /^\w+/

/** Who reads it looks for the setting where they wrote it, under the name that it has there. */
const refusedSetting = (
  { stated = {}, ...source }: Source,
  error: StsValidationError
): StsCredentialError => {
  const settingOf = (field: string): Stated | undefined => stated[fieldName.exec(field)?.[0] ?? field]
  const broken = error.issues.map(({ field, rule }) => `${settingOf(field)?.key ?? field} ${rule}`).join("; ")
  const { file, hint, key, line } = settingOf(error.field) ?? { ...source, key: error.field, hint: undefined }
  return new StsCredentialError({
    ...source,
    reason: "Malformed",
    detail: `${error.operation}: ${broken}; nothing was sent`,
    file,
    line,
    key,
    hint,
    profile: file === undefined ? undefined : source.profile,
    cause: error
  })
}

/** The source's error for a call that failed; the errors of a source below it stay what they are. */
export const fromCall =
  (source: Source) =>
  (error: FailedCall | SourceError): SourceError => {
    if (error instanceof StsCredentialError || error instanceof StsConfigError) return error
    if (error._tag === "StsValidationError") return refusedSetting(source, error)
    const { stated: _, ...place } = source
    const reason = reasonOf(error)
    const detail = error.message.replace(/\.$/, "")
    const transient = (reason === "Refused" && isTransient(error)) || undefined
    return new StsCredentialError({ ...place, reason, detail, transient, cause: error })
  }

/**
 * What it means that a source has nothing where another one builds on it: a service that did not answer may be there
 * again, what answered instead means what it says, and a setting that is missing is for somebody to make.
 */
export const reasonWithout = ({ attempts, cause }: StsCredentialError): CredentialErrorReason =>
  cause?._tag === "StsTransportError"
    ? "Unavailable"
    : (attempts?.find(({ reason }) => reason !== "NotConfigured")?.reason ?? "Incomplete")
