/**
 * What an AWS STS operation is made of.
 *
 * @since 0.1.0
 */
import type * as Schema from "effect/Schema"
import type { Structure } from "../../protocol/aws/shape.js"
import type { Authentication } from "../Authentication.js"
import type { Checks } from "../Request.js"

/**
 * An operation as a value: everything that sets it apart from the others.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operation<
  Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  Code extends string
> {
  /** The action's name on the wire. */
  readonly name: string
  readonly version: "2011-06-15"
  readonly authentication: Auth
  /** Whether `sts.amazonaws.com` serves it; a regional endpoint always does. */
  readonly globalEndpoint: boolean
  /** Checks the request before anything is sent. */
  readonly request: Checks<Request, Input>
  /** The request on the wire. */
  readonly input: Structure
  /** The result on the wire. */
  readonly output: Structure
  /** Makes the response of a result that was read by its shape, with the reply's `requestId` put beside it. */
  readonly response: Schema.Schema<Response, any>
  /** The codes the service is known to refuse this operation with, as they stand on the wire; others are possible. */
  readonly codes: ReadonlyArray<Code>
}

/**
 * Keeps every type of an operation as it is written. The global endpoint serves it unless told otherwise.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <
  const Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  const Code extends string
>(
  operation: Omit<Operation<Auth, Request, Input, Response, Code>, "version" | "globalEndpoint"> & {
    readonly globalEndpoint?: boolean
  }
): Operation<Auth, Request, Input, Response, Code> => ({
  globalEndpoint: true,
  ...operation,
  version: "2011-06-15"
})
