/** What an operation is made of. */
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { Structure } from "../protocol/shape.js"
import { type Fields, structureOf } from "./Field.js"
import type { Authentication, Checks } from "./Request.js"

/** An operation as a value: everything that sets it apart from the others. */
export interface Operation<
  Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  Code extends string
> {
  /** The action's name on the wire. */
  readonly name: string
  /** The version of the API. */
  readonly version: string
  /** Whether requests are signed, or carry a proof of their own. */
  readonly authentication: Auth
  /** Checks the request before anything is sent. */
  readonly request: Checks<Request, Input>
  /** The request on the wire. */
  readonly input: Structure
  /** Makes the response of what was read from the reply. */
  readonly response: Schema.Codec<Response, any>
  /** The codes the service is known to refuse this operation with, as they stand on the wire; others are possible. */
  readonly codes: ReadonlyArray<Code>
}

/** What the reply to an operation of AWS's takes beside, which is XML and says nothing of types. */
export interface AwsOperation<
  Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  Code extends string
> extends Operation<Auth, Request, Input, Response, Code> {
  /** Whether `sts.amazonaws.com` serves it; a regional endpoint always does. */
  readonly globalEndpoint: boolean
  /** The result on the wire; the reply's `requestId` is put beside it. */
  readonly output: Structure
}

/** An operation as it is declared, by its fields. */
type Declared<O> = Omit<O, "version" | "globalEndpoint" | "input" | "output"> & { readonly input: Fields }

/** An operation of Alibaba Cloud's, with every type as it is written. */
export const alibaba = <
  const Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  const Code extends string
>(
  operation: Declared<Operation<Auth, Request, Input, Response, Code>>
): Operation<Auth, Request, Input, Response, Code> => ({
  ...operation,
  input: structureOf(operation.input),
  version: "2015-04-01"
})

/** An operation of AWS's, with every type as it is written. The global endpoint serves it unless told otherwise. */
export const aws = <
  const Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  const Code extends string
>(
  operation: Declared<AwsOperation<Auth, Request, Input, Response, Code>> & {
    readonly output: Fields
    readonly globalEndpoint?: boolean
  }
): AwsOperation<Auth, Request, Input, Response, Code> => ({
  globalEndpoint: true,
  ...operation,
  input: structureOf(operation.input),
  output: structureOf(operation.output),
  version: "2011-06-15"
})

/** Fields of a request as they stand on the wire, secrets among them. */
export type Plain<Input> = Input extends Redacted.Redacted
  ? never
  : Input extends object
    ? { readonly [Name in keyof Input]: Plain<Input[Name]> }
    : Input
