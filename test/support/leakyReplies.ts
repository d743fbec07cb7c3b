/**
 * Replies of servers and gateways that repeat what they were sent, or spoil what they issue.
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
const json = { "content-type": "application/json" }

const escapeHtml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;")

const headerLines = ({ headers }: Leak): string =>
  headers.map((part, index) => (index % 2 === 0 ? `${part}: ` : `${part}\n`)).join("")

const decoded = ({ body }: Leak): string => decodeURIComponent(body.replace(/\+/g, " "))

const issued = ({ planted }: Leak, more: object = {}): object => ({
  RequestId: "REQ",
  Credentials: {
    AccessKeyId: "STS.Issued",
    AccessKeySecret: planted["issuedSecret"],
    SecurityToken: planted["issuedToken"],
    Expiration: "2099-01-01T00:00:00Z",
    ...more
  },
  AssumedRoleUser: { Arn: "acs:ram::1:role/r/s", AssumedRoleId: "3:s" }
})

const refused = (code: string, message: string, more: object = {}) => ({
  status: 400,
  headers: json,
  body: JSON.stringify({ RequestId: "REQ", Code: code, Message: message, ...more })
})

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
    refused("InvalidParameter", `${headerLines(leak)} ${leak.body} ${decoded(leak)}`),
  "refusal with everything beside its message": (leak) =>
    refused("InvalidParameter", "no", {
      Recommend: `https://help.test/?${leak.body}`,
      AccessDeniedDetail: { Echo: headerLines(leak), Body: decoded(leak) }
    }),
  "refusal whose code and request id are the body": (leak) =>
    refused(decoded(leak), "no", { RequestId: leak.body }),
  "refusal with a string to sign": (leak) =>
    refused(
      "SignatureDoesNotMatch",
      `Specified signature is not matched. server string to sign is:${headerLines(leak)}${leak.body}`
    ),
  "credentials in another type": (leak) => ({
    status: 200,
    headers: html,
    body: JSON.stringify(issued(leak))
  }),
  "credentials that are cut": (leak) => ({
    status: 200,
    headers: json,
    body: JSON.stringify(issued(leak)).slice(0, -70)
  }),
  "credentials without an end": (leak) => ({
    status: 200,
    headers: json,
    body: JSON.stringify(issued(leak, { Expiration: undefined }))
  }),
  "credentials of the wrong shape": (leak) => ({
    status: 200,
    headers: json,
    body: JSON.stringify(
      issued(leak, {
        AccessKeyId: { was: leak.planted["issuedSecret"] },
        SecurityToken: [leak.planted["issuedToken"]]
      })
    )
  }),
  "credentials with an end that is a secret": (leak) => ({
    status: 200,
    headers: json,
    body: JSON.stringify(issued(leak, { Expiration: leak.planted["issuedSecret"] }))
  }),
  "credentials in a refusal": (leak) => ({ status: 500, headers: json, body: JSON.stringify(issued(leak)) }),
  "credentials in a document in a document": (leak) => ({
    status: 500,
    headers: json,
    body: JSON.stringify({ upstream: JSON.stringify(issued(leak)) })
  }),
  "credentials in XML": ({ planted }) => ({
    status: 200,
    headers: { "content-type": "text/xml" },
    body: `<R><AccessKeySecret>${escapeHtml(planted["issuedSecret"] ?? "")}</AccessKeySecret><SecurityToken>${escapeHtml(planted["issuedToken"] ?? "")}</SecurityToken></R>`
  }),
  "credentials as they should be": (leak) => ({
    status: 200,
    headers: json,
    body: JSON.stringify(issued(leak))
  })
}
