/**
 * How each cloud writes a refusal and credentials that it issues.
 */
import type { Leak } from "./leakyReplies.js"

export interface Dialect {
  readonly contentType: string
  readonly refusal: (parts: object) => string
  /** Credentials, and whatever else an operation issues. `more` takes the place of parts of the credentials. */
  readonly issued: (leak: Leak, more: object) => string
  /** A document of no operation. */
  readonly within: (parts: object) => string
}

export const escapeHtml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;")

const credentials = ({ planted }: Leak, more: object): object => ({
  AccessKeyId: "STS.Issued",
  AccessKeySecret: planted["issuedSecret"],
  SecurityToken: planted["issuedToken"],
  Expiration: "2099-01-01T00:00:00Z",
  ...more
})

export const alibaba: Dialect = {
  contentType: "application/json",
  refusal: JSON.stringify,
  issued: (leak, more) =>
    JSON.stringify({
      RequestId: "REQ",
      Credentials: credentials(leak, more),
      AssumedRoleUser: { Arn: "acs:ram::1:role/r/s", AssumedRoleId: "3:s" }
    }),
  within: JSON.stringify
}

const awsNames: Readonly<Record<string, string>> = {
  AccessKeySecret: "SecretAccessKey",
  SecurityToken: "SessionToken"
}

const element = (name: string, content: unknown): string =>
  content === undefined ? "" : `<${awsNames[name] ?? name}>${xml(content)}</${awsNames[name] ?? name}>`

const xml = (value: unknown): string => {
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("")
  return typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([name, content]) => element(name, content))
        .join("")
    : escapeHtml(String(value))
}

const actionIn = ({ body }: Leak): string => /(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? ""

export const aws: Dialect = {
  contentType: "text/xml",
  refusal: (parts) => xml({ ErrorResponse: { Error: parts, ...parts } }),
  issued: (leak, more) =>
    xml({
      [`${actionIn(leak)}Response`]: {
        [`${actionIn(leak)}Result`]: {
          Credentials: credentials(leak, more),
          WebIdentityToken: leak.planted["issuedToken"],
          Expiration: "2099-01-01T00:00:00Z",
          ...more
        },
        ResponseMetadata: { RequestId: "REQ" }
      }
    }),
  within: (parts) => xml({ Upstream: parts })
}
