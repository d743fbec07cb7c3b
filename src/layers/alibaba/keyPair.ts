/**
 * Reading an access key pair and its token from whatever a source found.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { type CredentialErrorReason, StsCredentialError } from "../../schemas/StsError.js"

type Field = "accessKeyId" | "accessKeySecret" | "securityToken"

/**
 * What a source found; blank counts as absent.
 *
 * @category models
 * @since 0.1.0
 */
export type Found = { readonly [_ in Field]: string | undefined }

/**
 * Where a source looked, for its errors.
 *
 * @category models
 * @since 0.1.0
 */
export interface Place {
  readonly source: string
  /** How the source calls each setting. */
  readonly keys: { readonly [_ in Field]: string }
  readonly file?: string | undefined
  readonly profile?: string | undefined
  readonly lineOf?: ((key: string) => number | undefined) | undefined
}

const printable = /^[\x21-\x7e]*$/

const fields: ReadonlyArray<Field> = ["accessKeyId", "accessKeySecret", "securityToken"]

/**
 * The credentials, or `NotConfigured` where nothing was found, `Incomplete` where half a pair was, `Malformed` where
 * a value has characters that no key has, such as a line break at its end.
 *
 * @category constructors
 * @since 0.1.0
 */
export const read = (place: Place, given: Found): Either.Either<Credentials, StsCredentialError> => {
  const found: Found = {
    accessKeyId: given.accessKeyId || undefined,
    accessKeySecret: given.accessKeySecret || undefined,
    securityToken: given.securityToken || undefined
  }
  const fail = (reason: CredentialErrorReason, field: Field, detail: string, hint?: string) =>
    Either.left(
      new StsCredentialError({
        cloud: "alibaba",
        source: place.source,
        reason,
        detail,
        file: place.file,
        line: place.lineOf?.(place.keys[field]),
        profile: place.profile,
        key: place.keys[field],
        hint
      })
    )
  const { keys } = place
  if (fields.every((field) => found[field] === undefined)) {
    return fail("NotConfigured", "accessKeyId", `${keys.accessKeyId} and ${keys.accessKeySecret} are not set`)
  }
  const broken = fields.find((field) => !printable.test(found[field] ?? ""))
  if (broken !== undefined) {
    return fail(
      "Malformed",
      broken,
      `${keys[broken]} holds a space, a line break or another character that no key has`,
      "Copy the value again, without what surrounds it."
    )
  }
  const { accessKeyId, accessKeySecret, securityToken } = found
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    const missing = accessKeyId === undefined ? "accessKeyId" : "accessKeySecret"
    return fail(
      "Incomplete",
      missing,
      `${keys[missing]} is missing or empty`,
      "Set both, or neither to use another source."
    )
  }
  return Either.right(
    new Credentials({
      accessKeyId,
      accessKeySecret: Redacted.make(accessKeySecret),
      securityToken: securityToken === undefined ? undefined : Redacted.make(securityToken)
    })
  )
}
