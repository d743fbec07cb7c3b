/** Each cloud's credentials as a cache's files keep them. */

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Content } from "../../protocol/cacheEntry.js"
import type { Credentials as AlibabaCredentials } from "../../schemas/alibaba/Credentials.js"
import type { Credentials as AwsCredentials } from "../../schemas/aws/Credentials.js"
import type { Cloud, StsCredentialError } from "../../schemas/StsError.js"
import { read as readAlibaba } from "../alibaba/keyPair.js"
import { read as readAws } from "../aws/keyPair.js"
import type { Found, Place } from "../keyPair.js"

/** The credentials of each cloud. */
export interface CredentialsOf {
  readonly alibaba: AlibabaCredentials
  readonly aws: AwsCredentials
}

/** What of credentials is kept; the times are the file's matter. */
export type Kept = Omit<Content, "issuedAt" | "expiresAt">

interface Codec<Credentials> {
  readonly toKept: (credentials: Credentials) => Kept
  readonly read: (
    place: Place,
    found: Found & { readonly accountId?: string | undefined }
  ) => Result.Result<Credentials, StsCredentialError>
}

const plain = (secret: Redacted.Redacted | undefined): string | undefined =>
  secret === undefined ? undefined : Redacted.value(secret)

const codecs: { readonly [C in Cloud]: Codec<CredentialsOf[C]> } = {
  alibaba: {
    toKept: ({ accessKeyId, accessKeySecret, securityToken, source }) => ({
      id: accessKeyId,
      secret: Redacted.value(accessKeySecret),
      token: plain(securityToken),
      accountId: undefined,
      source
    }),
    read: readAlibaba
  },
  aws: {
    toKept: ({ accessKeyId, accountId, secretAccessKey, sessionToken, source }) => ({
      id: accessKeyId,
      secret: Redacted.value(secretAccessKey),
      token: plain(sessionToken),
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
