/** How an operation's value becomes a function that calls it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { remedyOf } from "../../protocol/alibaba/errorCodes.js"
import { decode, inOrder, parametersOf, unsignedParameters } from "../../protocol/alibaba/rpc.js"
import { encodeSorted, type Parameters } from "../../protocol/encoding.js"
import { AssumeRoleOperation } from "../../schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDCOperation } from "../../schemas/alibaba/AssumeRoleWithOIDC.js"
import { type Credentials, TemporaryCredentials } from "../../schemas/alibaba/Credentials.js"
import { decoder, renamed } from "../../schemas/Codec.js"
import type { Operation } from "../../schemas/Operation.js"
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
import { Nonce } from "../Signing.js"
import { CredentialProvider } from "./CredentialProvider.js"
import * as Endpoint from "./Endpoint.js"
import { Signer } from "./Signer.js"

/** What is the same in all attempts of a call. */
class Form {
  constructor(
    readonly parameters: Parameters,
    /** The parameters as a form. */
    readonly body: string
  ) {}
}

/** An operation of Alibaba Cloud's to the pipeline. */
type Wire<Request, Key extends Credentials | undefined, Response, E, R> = Call<
  Request,
  Form,
  Key,
  Response,
  E,
  R
>

/** How requests prove who sends them. */
type Scheme<Key extends Credentials | undefined, E, R> = (
  action: string,
  version: string
) => Pick<Wire<object, Key, unknown, E, R>, "source" | "sign">

const bySigner: Scheme<Credentials, SigningError, CredentialProvider | Signer> = (action, version) => ({
  source: Context.get(CredentialProvider),
  sign: (context, { body, parameters }, credentials, { host }, time) =>
    Effect.flatMap(Context.get(context, Nonce), (nonce) =>
      Context.get(context, Signer).sign({ action, version, parameters, body, host, time, nonce }, credentials)
    )
})

const withoutSignature: Scheme<undefined, never, never> = (action, version) => ({
  source: () => nobody,
  sign: (context, { parameters }, _, __, time) =>
    Effect.map(Context.get(context, Nonce), (nonce) => ({
      headers: {},
      body: encodeSorted(unsignedParameters({ action, version, parameters, time, nonce }))
    }))
})

/** The signer of a context, if it has one. */
export const signerIn = (context: Context.Context<never>): object | undefined =>
  Option.getOrUndefined(Context.getOption(context, Signer))

const caller =
  <Key extends Credentials | undefined, E, R>(scheme: Scheme<Key, E, R>) =>
  <Auth extends Authentication, Request extends object, Input, Response, Code extends string>(
    operation: Operation<Auth, Request, Input, Response, Code>
  ) => {
    const { input: shape, name, request: checks, version } = operation
    const response = decoder(operation.response)
    const ordered = inOrder(shape)
    const wire: Wire<Request, Key, Response, E, R> = {
      ...scheme(name, version),
      cloud: "alibaba",
      name,
      endpoint: Endpoint.resolve,
      settings: Context.get(Endpoint.Profile),
      signer: signerIn,
      encode: (request) => {
        const parameters = parametersOf(ordered, request)
        return new Form(parameters, encodeSorted(parameters))
      },
      remedyOf,
      decode: (exchange) => decode(exchange, response)
    }
    return calling<Input, Request, Form, Key, Response, E, R>(checks, wire)
  }

/** The function that calls a signed operation. */
export const signed: <Request extends object, Input, Response, Code extends string>(
  operation: Operation<"signed", Request, Input, Response, Code>
) => (
  ...input: Arguments<Request, Input>
) => Effect.Effect<Response, SignedError<Code>, Signer | CredentialProvider | HttpClient.HttpClient> =
  caller(bySigner)

/** The function that calls an anonymous operation. */
export const anonymous: <Request extends object, Input, Response, Code extends string>(
  operation: Operation<"anonymous", Request, Input, Response, Code>
) => (
  ...input: Arguments<Request, Input>
) => Effect.Effect<Response, AnonymousError<Code>, HttpClient.HttpClient> = caller(withoutSignature)

const response = /* @__PURE__ */ renamed(Schema.Struct({ credentials: TemporaryCredentials }), {
  credentials: "Credentials"
})

/** Gets temporary credentials of a RAM role. */
export const assumeRole = /* @__PURE__ */ (() => signed({ ...AssumeRoleOperation, response }))()

/** Gets temporary credentials of a RAM role in exchange for an OpenID Connect token. */
export const assumeRoleWithOIDC = /* @__PURE__ */ (() =>
  anonymous({ ...AssumeRoleWithOIDCOperation, response }))()
