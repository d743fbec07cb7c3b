/**
 * Recorded requests, for assertions: code can read their secrets, and no output shows them.
 *
 * @since 0.1.0
 */
import * as Inspectable from "effect/Inspectable"
import * as Redacted from "effect/Redacted"

const secretNames = new Set([
  "authorization",
  "cookie",
  "x-acs-security-token",
  "x-amz-security-token",
  "x-amz-signature",
  "x-aliyun-ecs-metadata-token",
  "x-aws-ec2-metadata-token",
  "x-amz-sso_bearer_token",
  "dpop",
  "access_token",
  "accesskeysecret",
  "accesstoken",
  "clientsecret",
  "code",
  "code_verifier",
  "codeverifier",
  "devicecode",
  "oidctoken",
  "refresh_token",
  "refreshtoken",
  "samlassertion",
  "securitytoken",
  "signature",
  "token",
  "tokencode",
  "tradeintoken",
  "contextassertion",
  "webidentitytoken"
])

/**
 * Values by name, the secret ones redacted.
 *
 * @category models
 * @since 0.1.0
 */
export type Values = Readonly<Record<string, string | Redacted.Redacted>>

// Of a name such as `ProvidedContexts.member.1.ContextAssertion` the last part decides.
const isSecret = (name: string): boolean =>
  secretNames.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase())

const hide = (values: Readonly<Record<string, string>>): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isSecret(name) ? Redacted.make(value) : value])
  )

const reveal = (value: string | Redacted.Redacted | undefined): string | undefined =>
  Redacted.isRedacted(value) ? Redacted.value(value) : value

/**
 * The fields of a recorded request.
 *
 * @category models
 * @since 0.1.0
 */
export interface Fields {
  /** The cloud that it was for. */
  readonly cloud: string
  /** The HTTP method. */
  readonly method: string
  /** The URL's path. */
  readonly path: string
  /** The operation that it asks for, where it names one. */
  readonly operation: string | undefined
  /** `rpc` or `acs3`, `sigv4` or `presigned`, `token`, or `anonymous`. */
  readonly form: string
  /** `OK`, or the code that it was refused with. */
  readonly verdict: string
  /** The fault that it got. */
  readonly fault: string | undefined
  /** The reply's HTTP status. */
  readonly status: number
  /** The reply's request id, where it has one. */
  readonly requestId: string | undefined
  /** When it came, in milliseconds since 1970, by the emulator's clock. */
  readonly at: number
}

/**
 * A recorded request.
 *
 * @category models
 * @since 0.1.0
 */
export class RecordedRequest extends Inspectable.Class {
  /** Names in lower case. */
  readonly headers: Values
  /** Of the query and the body. */
  readonly parameters: Values

  constructor(
    /** What is not secret. */
    readonly fields: Fields,
    headers: Readonly<Record<string, string>>,
    parameters: Readonly<Record<string, string>>
  ) {
    super()
    this.headers = hide(headers)
    this.parameters = hide(parameters)
  }

  /** The operation that it asks for, where it names one. */
  get operation(): string | undefined {
    return this.fields.operation
  }

  /** How it is authenticated: see {@link Fields}. */
  get form(): string {
    return this.fields.form
  }

  /** `OK`, or the code that it was refused with. */
  get verdict(): string {
    return this.fields.verdict
  }

  /** The fault that it got. */
  get fault(): string | undefined {
    return this.fields.fault
  }

  /** A parameter's value, secret or not. */
  parameter(name: string): string | undefined {
    return reveal(this.parameters[name])
  }

  /** A header's value, secret or not. */
  header(name: string): string | undefined {
    return reveal(this.headers[name.toLowerCase()])
  }

  /** The request without secrets. */
  toJSON(): unknown {
    return { ...this.fields, headers: printable(this.headers), parameters: printable(this.parameters) }
  }
}

const printable = (values: Values): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
