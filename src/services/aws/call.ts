/**
 * How an operation's value becomes a function that calls it.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import { clockSkewOf, rejectsCredentials } from "../../protocol/aws/errorCodes.js"
import { body as bodyOf } from "../../protocol/aws/query.js"
import { decode } from "../../protocol/aws/reply.js"
import type { Authentication } from "../../schemas/Authentication.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { Operation } from "../../schemas/aws/Operation.js"
import { decoder } from "../../schemas/Decoder.js"
import {
  type AnonymousError,
  type Arguments,
  invalidating,
  type SignedError,
  type SigningError,
  secretsIn
} from "../Operations.js"
import { formType } from "../SecretRequest.js"
import * as Transport from "../Transport.js"
import { CredentialProvider } from "./CredentialProvider.js"
import * as Endpoint from "./Endpoint.js"
import { SharedConfig } from "./SharedConfig.js"
import { Signer } from "./Signer.js"

interface Unsigned {
  readonly operation: string
  readonly body: string
}

type Prove<Key, E> = (call: Unsigned) => Transport.Proof<Key, E>

const bySigner = (
  context: Context.Context<CredentialProvider | Signer>
): Prove<Credentials, SigningError> => {
  const { sign } = Context.get(context, Signer)
  const provider = Context.get(context, CredentialProvider)
  return ({ body, operation }) => ({
    credentials: provider.get,
    invalidate: invalidating(provider),
    sign: (credentials, endpoint, time) => {
      const headers = { host: endpoint.host, "content-type": formType }
      const request = { method: "POST", path: endpoint.path, query: [], headers, body }
      return Effect.flatMap(Effect.fromResult(Endpoint.signingRegion(endpoint)), (region) =>
        Effect.map(
          sign({ operation, request, service: "sts", region, time }, credentials),
          // The client derives the Host header from the URL.
          ({ headers: { host: _, ...signed }, stringToSign }) => ({ headers: signed, body, stringToSign })
        )
      )
    }
  })
}

const withoutSignature: Prove<undefined, never> = ({ body }) => ({
  credentials: Effect.succeed(undefined),
  sign: () => Effect.succeed({ headers: {}, body })
})

/**
 * The signer of a context, if it has one.
 *
 * @category accessors
 * @since 0.1.0
 */
export const signerIn = (context: Context.Context<never>): object | undefined =>
  Option.getOrUndefined(Context.getOption(context, Signer))

const caller =
  <Key extends Credentials | undefined, E, R>(proving: (context: Context.Context<R>) => Prove<Key, E>) =>
  <Auth extends Authentication, Request extends object, Input, Response, Code extends string>(
    operation: Operation<Auth, Request, Input, Response, Code>
  ) => {
    const { globalEndpoint, input: shape, name, output, request: checks, version } = operation
    const result = { output, response: decoder(operation.response) }
    const endpoint = globalEndpoint ? Endpoint.resolve : Endpoint.resolveRegional
    return (...[input = {} as Input]: Arguments<Request, Input>) =>
      Effect.flatMap(Effect.fromResult(checks.validate(input)), (request) => {
        const body = bodyOf(name, version, shape, request)
        return Transport.run({
          cloud: "aws",
          operation: name,
          endpoint,
          settings: Context.get(SharedConfig),
          signer: signerIn,
          maybeClockSkew: ({ code }) => clockSkewOf(code) !== undefined,
          rejectsCredentials,
          proof: (context: Context.Context<R>) => proving(context)({ operation: name, body }),
          secrets: (key) => secretsIn([request, key]),
          decode: (exchange) => decode(exchange, result)
        })
      })
  }

/**
 * The function that calls a signed operation.
 *
 * @category constructors
 * @since 0.1.0
 */
export const signed: <Request extends object, Input, Response, Code extends string>(
  operation: Operation<"signed", Request, Input, Response, Code>
) => (
  ...input: Arguments<Request, Input>
) => Effect.Effect<Response, SignedError<Code>, Signer | CredentialProvider | HttpClient.HttpClient> =
  caller(bySigner)

/**
 * The function that calls an anonymous operation.
 *
 * @category constructors
 * @since 0.1.0
 */
export const anonymous: <Request extends object, Input, Response, Code extends string>(
  operation: Operation<"anonymous", Request, Input, Response, Code>
) => (
  ...input: Arguments<Request, Input>
) => Effect.Effect<Response, AnonymousError<Code>, HttpClient.HttpClient> = caller(() => withoutSignature)
