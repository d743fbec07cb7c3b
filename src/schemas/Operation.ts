/**
 * What an operation is made of. Of each field of a request or a reply, one declaration says what a value has to be here,
 * what it is on the wire, and what the service itself asks of it: validation, encoding, decoding and the emulator read
 * the same one.
 */
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Shape, Structure } from "../protocol/shape.js"
import * as Codec from "./Codec.js"
import type { Authentication, Checks } from "./Request.js"

/**
 * One field. Its schema and its shape keep the same bounds, unless the declaration says otherwise: where the service lets
 * more through than we do, or less, the shape is the service's.
 */
export interface Field<out S extends Schema.Struct.Fields[string]> {
  readonly schema: S
  readonly shape: Shape
  /** Whether the service misses it where it is absent. */
  readonly required: boolean
  /** Its name on the wire, where that is not {@link wireName} of our own. */
  readonly name?: string
}

/** Fields by our names. A comment on one of them is what an editor shows of it. */
export type Fields = { readonly [name: string]: Field<Schema.Struct.Fields[string]> }

/** The schemas of fields. */
export type SchemasOf<F extends Fields> = { readonly [Name in keyof F]: F[Name]["schema"] }

/** What a caller gives for fields. */
export type InputOf<F extends Fields> = Schema.Struct.Encoded<SchemasOf<F>>

/** What both clouds call a field of ours: `roleArn` is `RoleArn`, and `samlAssertion` is `SAMLAssertion`. */
export const wireName = (name: string): string =>
  name.replace(/^(saml|oidc)(?![a-z])|^./, (start) => start.toUpperCase())

/** A field that has to be there. */
export const field = <S extends Schema.Struct.Fields[string]>(schema: S, shape: Shape): Field<S> => ({
  schema,
  shape,
  required: true
})

/** The same field where it may be absent. */
export const optional = <S extends Schema.Top>({
  schema,
  ...field
}: Field<S>): Field<Schema.optional<S>> => ({
  ...field,
  schema: Schema.optional(schema),
  required: false
})

/** The same field where it may be absent and holds a secret, or parts that do. */
export const optionalSecret = <S extends Schema.Top>({ schema, ...field }: Field<S>) => ({
  ...field,
  schema: Codec.optionalSecret(schema),
  required: false
})

/** A secret of `min` to `max` characters. */
export const secret = (min: number, max: number) =>
  field(Codec.secretBetween(min, max), { type: "string", min, max, sensitive: true })

/** A whole number of seconds from `min` to `max`. */
export const seconds = (min: number, max: number) =>
  field(
    Schema.Number.pipe(
      Schema.check(
        Schema.makeFilter((value) => Number.isInteger(value) && value >= min && value <= max, {
          description: `must be a whole number of seconds from ${min} to ${max}`
        })
      )
    ),
    { type: "integer", min, max }
  )

/** The token of an identity provider, as it is: 4 to 20 000 characters. */
export const identityToken = secret(4, 20_000)

/** The schemas of fields, for a class or a struct. */
export const schemasOf = <const F extends Fields>(fields: F): SchemasOf<F> =>
  Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])) as never

/** Fields on the wire, in their order. */
export const structureOf = (fields: Fields): Structure => ({
  type: "structure",
  members: Object.fromEntries(
    Object.entries(fields).map(([field, { name = wireName(field), required, shape }]) => [
      field,
      { name, shape, required }
    ])
  )
})

/** A class whose fields are read from, and written, under their names on the wire. */
export const onWire = <A, S extends Codec.Fielded<A>>(schema: S & Codec.Fielded<A>): Schema.Codec<A, any> =>
  Codec.renamed(
    schema,
    Object.fromEntries(Object.keys(schema.fields).map((name) => [name, wireName(name)])) as never
  )

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
