/**
 * How an operation's value becomes a function that calls it.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { rejectsCredentials } from "../../protocol/alibaba/errorCodes.js"
import { decode } from "../../protocol/alibaba/reply.js"
import { unsignedParameters } from "../../protocol/alibaba/rpc.js"
import { encodeSorted, type Parameters } from "../../protocol/percentEncoding.js"
import type { Authentication } from "../../schemas/Authentication.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { Operation } from "../../schemas/alibaba/Operation.js"
import { decoder } from "../../schemas/Decoder.js"
import { Nonce } from "../Nonce.js"
import {
  type AnonymousError,
  type Arguments,
  invalidating,
  type SignedError,
  type SigningError,
  secretsIn
} from "../Operations.js"
import * as Transport from "../Transport.js"
import { CredentialProvider } from "./CredentialProvider.js"
import * as Endpoint from "./Endpoint.js"
import { type Signable, Signer } from "./Signer.js"

const plain = (value: unknown): string => String(Redacted.isRedacted(value) ? Redacted.value(value) : value)

const parametersOf = (names: Readonly<Record<string, string>>, request: object): Parameters => {
  const parameters: Record<string, string> = {}
  for (const [field, value] of Object.entries(request)) {
    const name = names[field]
    if (name !== undefined && value !== undefined) parameters[name] = plain(value)
  }
  return parameters
}

interface Scheme<Key, E> {
  readonly credentials: Effect.Effect<Key, E>
  readonly invalidate?: ((key: Key) => Effect.Effect<void>) | undefined
  readonly sign: (call: Signable, key: Key) => Effect.Effect<Transport.Outgoing, E>
}

const bySigner = (
  context: Context.Context<CredentialProvider | Signer>
): Scheme<Credentials, SigningError> => {
  const provider = Context.get(context, CredentialProvider)
  return {
    credentials: provider.get,
    invalidate: invalidating(provider),
    sign: Context.get(context, Signer).sign
  }
}

const withoutSignature: Scheme<undefined, never> = {
  credentials: Effect.succeed(undefined),
  sign: (call) => Effect.succeed({ headers: {}, body: encodeSorted(unsignedParameters(call)) })
}

/**
 * The signer of a context, if it has one.
 *
 * @category accessors
 * @since 0.1.0
 */
export const signerIn = (context: Context.Context<never>): object | undefined =>
  Option.getOrUndefined(Context.getOption(context, Signer))

const caller =
  <Key extends Credentials | undefined, E, R>(schemeOf: (context: Context.Context<R>) => Scheme<Key, E>) =>
  <Auth extends Authentication, Request extends object, Input, Response, Code extends string>(
    operation: Operation<Auth, Request, Input, Response, Code>
  ) => {
    const { name: action, parameters: names, request: checks, version } = operation
    const decodeResponse = decoder(operation.response)
    return (...[input = {} as Input]: Arguments<Request, Input>) =>
      Effect.flatMap(Effect.fromResult(checks.validate(input)), (request) => {
        const parameters = parametersOf(names, request)
        return Transport.run({
          cloud: "alibaba",
          operation: action,
          endpoint: Endpoint.resolve,
          settings: Context.get(Endpoint.Profile),
          signer: signerIn,
          maybeClockSkew: () => false,
          rejectsCredentials,
          proof: (context: Context.Context<R>) => {
            const scheme = schemeOf(context)
            const makeNonce = Context.get(context, Nonce)
            return {
              credentials: scheme.credentials,
              invalidate: scheme.invalidate,
              sign: (key, { host }, time) =>
                Effect.flatMap(makeNonce, (nonce) =>
                  scheme.sign({ action, version, parameters, host, time, nonce }, key)
                )
            }
          },
          secrets: (key) => secretsIn([request, key]),
          decode: (exchange) => decode(exchange, decodeResponse)
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
