/**
 * Replies of servers and gateways that repeat what they were sent, or spoil what they issue. Each cloud's requests are
 * answered in that cloud's language.
 */
export interface Leak {
  /** Names and values in turn. */
  readonly headers: ReadonlyArray<string>
  readonly body: string
  /** Secrets to issue. */
  readonly planted: Readonly<Record<string, string>>
}

export type LeakyReply = (leak: Leak) => {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const html = { "content-type": "text/html" }

const headerLines = ({ headers }: Leak): string =>
  headers.map((part, index) => (index % 2 === 0 ? `${part}: ` : `${part}\n`)).join("")

const decoded = ({ body }: Leak): string => decodeURIComponent(body.replace(/\+/g, " "))

const dialectOf = ({ body }: Leak): Dialect => (body.includes("Version=2011-06-15") ? aws : alibaba)

const said = (leak: Leak, status: number, body: string) => ({
  status,
  headers: { "content-type": dialectOf(leak).contentType },
  body
})

const refused = (leak: Leak, Code: string, Message: string, more: object = {}) =>
  said(leak, 400, dialectOf(leak).refusal({ RequestId: "REQ", Code, Message, ...more }))

const issued = (leak: Leak, more: object = {}): string => dialectOf(leak).issued(leak, more)

export const leakyReplies: Readonly<Record<string, LeakyReply>> = {
  "page with the headers": (leak) => ({ status: 502, headers: html, body: headerLines(leak) }),
  "page with the body": ({ body }) => ({ status: 502, headers: html, body }),
  "page with the decoded body": (leak) => ({ status: 502, headers: html, body: decoded(leak) }),
  "page with everything escaped": (leak) => ({
    status: 403,
    headers: html,
    body: escapeHtml(headerLines(leak) + decoded(leak))
  }),
  "content type with the body": (leak) => ({
    status: 502,
    headers: { "content-type": `text/html; was=${encodeURIComponent(decoded(leak))}` },
    body: ""
  }),
  "refusal with everything": (leak) =>
    refused(leak, "InvalidParameter", `${headerLines(leak)} ${leak.body} ${decoded(leak)}`),
  "refusal with everything beside its message": (leak) =>
    refused(leak, "InvalidParameter", "no", {
      Recommend: `https://help.test/?${leak.body}`,
      AccessDeniedDetail: { Echo: headerLines(leak), Body: decoded(leak) }
    }),
  "refusal whose code and request id are the body": (leak) =>
    refused(leak, decoded(leak), "no", { RequestId: leak.body }),
  "refusal with a string to sign": (leak) =>
    refused(
      leak,
      "SignatureDoesNotMatch",
      `Specified signature is not matched. server string to sign is:${headerLines(leak)}${leak.body}`
    ),
  "refusal with a canonical request": (leak) =>
    refused(
      leak,
      "SignatureDoesNotMatch",
      `No match. The Canonical String for this request should have been 'POST\n/\n\n${headerLines(leak)}${leak.body}'`
    ),
  "credentials in another type": (leak) => ({ status: 200, headers: html, body: issued(leak) }),
  "credentials in a type that is wrong": (leak) => ({
    status: 200,
    headers: { "content-type": "image/png" },
    body: issued(leak)
  }),
  "credentials that are cut": (leak) => said(leak, 200, issued(leak).slice(0, -70)),
  "credentials without an end": (leak) => said(leak, 200, issued(leak, { Expiration: undefined })),
  "credentials of the wrong shape": (leak) =>
    said(
      leak,
      200,
      issued(leak, {
        AccessKeyId: { was: leak.planted["issuedSecret"] },
        SecurityToken: [leak.planted["issuedToken"]]
      })
    ),
  "credentials with an end that is a secret": (leak) =>
    said(leak, 200, issued(leak, { Expiration: leak.planted["issuedSecret"] })),
  "credentials in a refusal": (leak) => said(leak, 500, issued(leak)),
  "credentials in a document in a document": (leak) =>
    said(leak, 500, dialectOf(leak).within({ upstream: issued(leak) })),
  "credentials in XML": ({ planted }) => ({
    status: 200,
    headers: { "content-type": "text/xml" },
    body: `<R><AccessKeySecret>${escapeHtml(planted["issuedSecret"] ?? "")}</AccessKeySecret><SecurityToken>${escapeHtml(planted["issuedToken"] ?? "")}</SecurityToken></R>`
  }),
  "credentials as they should be": (leak) => said(leak, 200, issued(leak))
}

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
