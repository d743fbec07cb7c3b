/**
 * Proofs of identity for others to check: a signed request that whoever holds it can send, to learn who signed it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import { encodePairs } from "../../protocol/encoding.js"
import { type StsConfigError, StsValidationError } from "../../schemas/StsError.js"
import type { SigningError } from "../Operations.js"
import { RequestPolicy } from "../RequestPolicy.js"
import { CredentialProvider } from "./CredentialProvider.js"
import * as Endpoint from "./Endpoint.js"
import { Signer } from "./Signer.js"

/**
 * How long a presigned request is valid, and what else it signs.
 *
 * @category models
 * @since 0.1.0
 */
export interface PresignOptions {
  /**
   * How long the URL is valid, in whole seconds. 15 minutes by default, which is all that STS itself accepts; at most 7
   * days.
   */
  readonly expiresIn?: Duration.Input | undefined
  /**
   * Headers that are signed too, and that whoever uses the URL must send. Vault and EKS identify their server this way.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

const operation = "GetCallerIdentity"

const invalid = (field: string, rule: string) =>
  new StsValidationError({ cloud: "aws", operation, issues: [{ field, rule }] })

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const headerValue = /^[\x20-\x7e]+$/

const check = (seconds: number, headers: Readonly<Record<string, string>>) => {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 604_800) {
    return Effect.fail(invalid("expiresIn", "must be a whole number of seconds from 1 to 604800"))
  }
  const broken = Object.entries(headers).find(
    ([name, value]) => !headerName.test(name) || !headerValue.test(value)
  )
  return broken === undefined
    ? Effect.void
    : Effect.fail(invalid("headers", "must have names and values that HTTP allows"))
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

/**
 * The URL of a signed GetCallerIdentity request. Whoever has it can prove to be the caller until it expires, so it is
 * `Redacted`.
 *
 * @category operations
 * @since 0.1.0
 */
export const presignGetCallerIdentity = ({
  expiresIn = "15 minutes",
  headers = {}
}: PresignOptions = {}): Effect.Effect<
  Redacted.Redacted,
  SigningError | StsConfigError | StsValidationError,
  Signer | CredentialProvider
> =>
  Effect.gen(function* () {
    const lifetime = Duration.fromInput(expiresIn)
    const seconds = lifetime._tag === "Some" ? Duration.toSeconds(lifetime.value) : 0
    yield* check(seconds, headers)
    const signer = yield* Signer
    const provider = yield* CredentialProvider
    const endpoint = yield* Endpoint.resolve(yield* RequestPolicy)
    const region = endpoint.region ?? (yield* Endpoint.missingRegion())
    const time = yield* Clock.currentTimeMillis
    const query = [
      ["Action", operation],
      ["Version", "2011-06-15"]
    ] as const
    const request = {
      method: "GET",
      path: endpoint.path,
      query,
      headers: { ...lowerCased(headers), host: endpoint.host },
      body: ""
    }
    const parameters = yield* signer.presign(
      {
        operation,
        request,
        service: "sts",
        region,
        time
      },
      yield* provider.get,
      seconds
    )
    return Redacted.make(`${endpoint.url}?${encodePairs([...query, ...parameters])}`)
  })

const clusterName = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/

/**
 * The token by which an EKS cluster knows the caller, valid there for 15 minutes. The endpoint must be a regional one.
 *
 * Source: "Kubernetes authentication", the token format of the AWS IAM authenticator.
 *
 * @category operations
 * @since 0.1.0
 */
export const eksToken = (
  cluster: string
): Effect.Effect<
  Redacted.Redacted,
  SigningError | StsConfigError | StsValidationError,
  Signer | CredentialProvider
> =>
  clusterName.test(cluster)
    ? Effect.map(
        presignGetCallerIdentity({ expiresIn: "1 minute", headers: { "x-k8s-aws-id": cluster } }),
        (url) => Redacted.make(`k8s-aws-v1.${Base64Url.encode(Redacted.value(url))}`)
      )
    : Effect.fail(
        invalid("cluster", "must be 1 to 100 letters, digits, - or _ and start with a letter or digit")
      )
