/** What a cache's files hold: the key they are found by, each cloud's credentials, and the seal around them. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  type Content,
  keyOf,
  lengths,
  open,
  type Purpose,
  type Seal,
  seal
} from "../../protocol/cacheEntry.js"
import { type JsonObject, textIfAny } from "../../protocol/json.js"
import type { Credentials as AlibabaCredentials } from "../../schemas/alibaba/Credentials.js"
import type { Credentials as AwsCredentials } from "../../schemas/aws/Credentials.js"
import { type Cloud, StsConfigError, type StsCredentialError } from "../../schemas/StsError.js"
import * as AlibabaEndpoint from "../../services/alibaba/Endpoint.js"
import * as AwsEndpoint from "../../services/aws/Endpoint.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Endpoint } from "../../services/Endpoint.js"
import { type Policy, RequestPolicy } from "../../services/RequestPolicy.js"
import { read as readAlibaba } from "../alibaba/credentials.js"
import type * as RamRoleArn from "../alibaba/RamRoleArn.js"
import type * as AssumedRole from "../aws/AssumedRole.js"
import { read as readAws } from "../aws/credentials.js"
import type { Found, Place } from "../credentials.js"
import { RandomBytes } from "./ThisProcess.js"

interface RoleOf {
  readonly alibaba: RamRoleArn.Options
  readonly aws: AssumedRole.Options
}

const endpoints: { readonly [_ in Cloud]: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError> } = {
  alibaba: AlibabaEndpoint.resolve,
  aws: AwsEndpoint.resolve
}

/**
 * The key for a role: the endpoint, who assumes it, and everything that is asked for, the external id included, which
 * is no secret to the clouds. A session's name counts where it is stated.
 *
 * The base is asked each time, and its access key id tells whose credentials they are: nothing else does without doubt.
 * Two roles of single sign-on, for example, have one source and account in common, and not what they may assume. The
 * id of temporary credentials changes: a base that begins sessions itself, such as another role, is best put behind a
 * cache of its own.
 */
export const keyOfRole = <C extends Cloud>(
  cloud: C,
  base: CredentialSource<CredentialsOf[C]>,
  role: RoleOf[C]
): Effect.Effect<Purpose, SourceError> =>
  Effect.gen(function* () {
    const { url } = yield* endpoints[cloud](yield* RequestPolicy)
    const { where: _, ...request } = role
    const { accessKeyId } = yield* base.get
    return { endpoint: url, by: { accessKeyId }, role: request }
  })

/** The credentials of each cloud. */
export interface CredentialsOf {
  readonly alibaba: AlibabaCredentials
  readonly aws: AwsCredentials
}

/** What of credentials is kept; the times are the file's matter. */
type Kept = Omit<Content, "issuedAt" | "expiresAt">

interface Codec<Credentials> {
  readonly toKept: (credentials: Credentials) => Kept
  readonly read: (
    place: Place,
    found: Found & { readonly accountId?: string | undefined }
  ) => Result.Result<Credentials, StsCredentialError>
}

const revealed = (secret: Redacted.Redacted | undefined): string | undefined =>
  secret === undefined ? undefined : Redacted.value(secret)

const codecs: { readonly [C in Cloud]: Codec<CredentialsOf[C]> } = {
  alibaba: {
    toKept: ({ accessKeyId, accessKeySecret, securityToken, source }) => ({
      id: accessKeyId,
      secret: Redacted.value(accessKeySecret),
      token: revealed(securityToken),
      accountId: undefined,
      source
    }),
    read: readAlibaba
  },
  aws: {
    toKept: ({ accessKeyId, accountId, secretAccessKey, sessionToken, source }) => ({
      id: accessKeyId,
      secret: Redacted.value(secretAccessKey),
      token: revealed(sessionToken),
      accountId,
      source
    }),
    read: readAws
  }
}

/** What of credentials is kept. */
export const toKept = <C extends Cloud>(cloud: C, credentials: CredentialsOf[C]): Kept =>
  codecs[cloud].toKept(credentials)

const keys: Place["keys"] = { id: "id", secret: "secret", token: "token", expiration: "expiresAt" }

/** The credentials of a file; none where they cannot be any. */
export const fromContent = <C extends Cloud>(
  cloud: C,
  { expiresAt, source, ...found }: Content
): Result.Result<CredentialsOf[C], string> =>
  Result.mapError(
    codecs[cloud].read(
      { source: source ?? "file cache", keys },
      { ...found, expiration: new Date(expiresAt).toISOString() }
    ),
    () => "it is damaged"
  )

/** 32 bytes, or a passphrase that a key is made of. */
export type EncryptionKey = Redacted.Redacted<Uint8Array> | Redacted.Redacted<string>

const wrong = (detail: string): Result.Result<never, StsConfigError> =>
  Result.fail(new StsConfigError({ key: "FileCache.encryptionKey", detail }))

const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")

const bytes = (object: JsonObject, name: string): Uint8Array =>
  Buffer.from(textIfAny(object, name) ?? "", "base64")

type KeyFor = (salt: Uint8Array) => Uint8Array

// Making a key of a passphrase is slow by design, so the last one is remembered.
const remembering = (passphrase: Redacted.Redacted<string>): KeyFor => {
  let last: { readonly salt: string; readonly key: Redacted.Redacted<Uint8Array> } | undefined
  return (salt) => {
    const name = inBase64(salt)
    if (last?.salt !== name) {
      last = { salt: name, key: Redacted.make(keyOf(Redacted.value(passphrase), salt)) }
    }
    return Redacted.value(last.key)
  }
}

/**
 * Makes seals, each with a nonce of its own. A key of another length than 32 bytes or an empty passphrase is a
 * `StsConfigError`.
 */
export const makeSeals = (
  encryptionKey: EncryptionKey
): Result.Result<Effect.Effect<Seal>, StsConfigError> => {
  const secret: string | Uint8Array = Redacted.value<string | Uint8Array>(encryptionKey)
  if (secret.length === 0) return wrong("is empty")
  const isKey = typeof secret !== "string"
  if (isKey && secret.length !== lengths.key) return wrong(`must be ${lengths.key} bytes`)
  const keyFor: KeyFor = isKey ? () => secret : remembering(Redacted.make(secret))
  const sealing = (nonce: Uint8Array, salt: Uint8Array): Seal => ({
    close: (header, content) => ({
      ...(isKey ? {} : { salt: inBase64(salt) }),
      nonce: inBase64(nonce),
      text: inBase64(seal(keyFor(salt), nonce, header, content))
    }),
    open: (header, sealed) =>
      open(keyFor(bytes(sealed, "salt")), bytes(sealed, "nonce"), header, bytes(sealed, "text"))
  })
  return Result.succeed(
    Effect.flatMap(RandomBytes, (random) =>
      Effect.zipWith(random(lengths.nonce), random(lengths.salt), sealing)
    )
  )
}
