/** How an operation's value becomes a function that calls it. */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import { remedyOf } from "../../protocol/aws/errorCodes.js"
import { body as bodyOf, decode } from "../../protocol/aws/query.js"
import { formType } from "../../protocol/encoding.js"
import { SignedForm } from "../../protocol/signature.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { decoder } from "../../schemas/Codec.js"
import type { AwsOperation } from "../../schemas/Operation.js"
import type { Authentication } from "../../schemas/Request.js"
import { calling } from "../Call.js"
import {
  type AnonymousError,
  type Arguments,
  type Operation as Call,
  nobody,
  type SignedError,
  type SigningError
} from "../Operations.js"
import { CredentialProvider } from "./CredentialProvider.js"
import * as Endpoint from "./Endpoint.js"
import { SharedConfig } from "./Settings.js"
import { Signer } from "./Signer.js"

/** An operation of AWS's to the pipeline; its body is a form that no attempt changes. */
type Wire<Request, Key extends Credentials | undefined, Response, E, R> = Call<
  Request,
  string,
  Key,
  Response,
  E,
  R
>

/** How requests prove who sends them. */
type Scheme<Key extends Credentials | undefined, E, R> = (
  operation: string
) => Pick<Wire<object, Key, unknown, E, R>, "source" | "sign">

const bySigner: Scheme<Credentials, SigningError, CredentialProvider | Signer> = (operation) => ({
  source: Context.get(CredentialProvider),
  sign: (context, body, credentials, endpoint, time) => {
    const { region } = endpoint
    if (region === undefined) return Effect.fail(Endpoint.missingRegion())
    const headers = { host: endpoint.host, "content-type": formType }
    const request = { method: "POST", path: endpoint.path, query: nothing, headers, body }
    const signable = { operation, request, service: "sts", region, time }
    return Effect.map(
      Context.get(context, Signer).sign(signable, credentials),
      ({ headers, stringToSign }) => new SignedForm(headers, body, stringToSign)
    )
  }
})

const nothing: ReadonlyArray<never> = []

const withoutSignature: Scheme<undefined, never, never> = () => ({
  source: () => nobody,
  sign: (_, body) => Effect.succeed({ headers: {}, body })
})

/** The signer of a context, if it has one. */
export const signerIn = (context: Context.Context<never>): object | undefined =>
  Option.getOrUndefined(Context.getOption(context, Signer))

const caller =
  <Key extends Credentials | undefined, E, R>(scheme: Scheme<Key, E, R>) =>
  <Auth extends Authentication, Request extends object, Input, Response, Code extends string>(
    operation: AwsOperation<Auth, Request, Input, Response, Code>
  ) => {
    const { globalEndpoint, input: shape, name, output, request: checks, version } = operation
    const result = { output, response: decoder(operation.response) }
    const wire: Wire<Request, Key, Response, E, R> = {
      ...scheme(name),
      cloud: "aws",
      name,
      endpoint: globalEndpoint ? Endpoint.resolve : Endpoint.resolveRegional,
      settings: Context.get(SharedConfig),
      signer: signerIn,
      encode: (request) => bodyOf(name, version, shape, request),
      remedyOf,
      decode: (exchange) => decode(exchange, result)
    }
    return calling<Input, Request, string, Key, Response, E, R>(checks, wire)
  }

/** The function that calls a signed operation. */
export const signed: <Request extends object, Input, Response, Code extends string>(
  operation: AwsOperation<"signed", Request, Input, Response, Code>
) => (
  ...input: Arguments<Request, Input>
) => Effect.Effect<Response, SignedError<Code>, Signer | CredentialProvider | HttpClient.HttpClient> =
  caller(bySigner)

/** The function that calls an anonymous operation. */
export const anonymous: <Request extends object, Input, Response, Code extends string>(
  operation: AwsOperation<"anonymous", Request, Input, Response, Code>
) => (
  ...input: Arguments<Request, Input>
) => Effect.Effect<Response, AnonymousError<Code>, HttpClient.HttpClient> = caller(withoutSignature)
