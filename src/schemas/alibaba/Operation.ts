/** What an Alibaba Cloud STS operation is made of. */
import type * as Schema from "effect/Schema"
import type { Authentication, Checks } from "../Request.js"

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
  readonly version: "2015-04-01"
  readonly authentication: Auth
  /** Checks the request before anything is sent. */
  readonly request: Checks<Request, Input>
  /** The wire name of every field of the request. */
  readonly parameters: { readonly [Field in keyof Request & string]-?: string }
  readonly response: Schema.Codec<Response, any>
  /** The codes the service is known to refuse this operation with; others are possible. */
  readonly codes: ReadonlyArray<Code>
}

/** Keeps every type of an operation as it is written. */
export const make = <
  const Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  const Code extends string
>(
  operation: Omit<Operation<Auth, Request, Input, Response, Code>, "version">
): Operation<Auth, Request, Input, Response, Code> => ({ ...operation, version: "2015-04-01" })
