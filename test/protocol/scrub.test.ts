import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { percentEncode } from "../../src/protocol/percentEncoding.js"
import { excerpt, scrub } from "../../src/protocol/scrub.js"

const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;")

/** Ways in which a service or a proxy may repeat what it was sent. */
const spellings: ReadonlyArray<readonly [string, (text: string) => string]> = [
  ["as it is", (text) => text],
  ["in JSON", (text) => JSON.stringify(text).slice(1, -1)],
  ["percent-encoded", percentEncode],
  ["percent-encoded twice", (text) => percentEncode(percentEncode(text))],
  ["in a form", (text) => percentEncode(text).replace(/%20/g, "+")],
  ["escaped for HTML", escapeHtml],
  [
    "escaped for HTML by numbers",
    (text) => text.replace(/[^A-Za-z0-9]/gu, (one) => `&#${one.codePointAt(0)};`)
  ],
  ["in JSON in HTML", (text) => escapeHtml(JSON.stringify(text).slice(1, -1))],
  ["in JSON with slashes escaped", (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/")],
  [
    "in JSON escaped for HTML",
    (text) =>
      JSON.stringify(text)
        .slice(1, -1)
        .replace(/[+=&<>]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)
  ],
  [
    "percent-encoded in lower case",
    (text) => percentEncode(text).replace(/%../g, (one) => one.toLowerCase())
  ],
  ["percent-encoded as browsers do", encodeURIComponent],
  ["percent-encoded three times", (text) => percentEncode(percentEncode(percentEncode(text)))],
  ["in a form as browsers do", (text) => new URLSearchParams([["", text]]).toString().slice(1)]
]

/** Secrets as clouds issue them, and ones that need every kind of escape. */
const secret = FastCheck.oneof(
  FastCheck.base64String({ minLength: 8, maxLength: 200 }),
  FastCheck.stringMatching(/^[A-Za-z0-9_-]{10,60}(\.[A-Za-z0-9_-]{10,60}){2}$/),
  FastCheck.stringMatching(/^[A-Za-z0-9&<>"\\ /+=é秘密-]{8,40}$/)
)

const words = FastCheck.stringMatching(/^[a-z ]{0,20}$/)

describe("scrub", () => {
  it.each(spellings)("lets no secret through %s", (_, spell) => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(secret, { minLength: 1, maxLength: 3 }),
        words,
        (secrets, between) => {
          const foreign = secrets.map((one) => `${between}|${spell(one)}|`).join("")
          const clean = scrub(foreign, secrets)
          for (const one of secrets) assert.notInclude(clean, spell(one))
          assert.isTrue(clean.startsWith(`${between}|<redacted>|`))
        }
      )
    )
  })

  it("hides a secret that contains another", () => {
    assert.strictEqual(
      scrub("key-longer-key and key-longer", ["key-longer", "key-longer-key"]),
      "<redacted> and <redacted>"
    )
  })

  it("takes every occurrence, and nothing for an empty secret", () => {
    assert.strictEqual(scrub("s3cret s3cret", ["s3cret", ""]), "<redacted> <redacted>")
  })

  it.each([
    ['{"AccessKeySecret":"abc+/=","Code":"X"}', '{"AccessKeySecret":"<redacted>","Code":"X"}'],
    ['{"securityToken" : "a\\"b\\\\"}', '{"securityToken" : "<redacted>"}'],
    ["<Error><OIDCToken>abc</OIDCToken></Error>", "<Error><OIDCToken><redacted></OIDCToken></Error>"],
    ["Action=X&SecurityToken=a%2Bb&Version=1", "Action=X&SecurityToken=<redacted>&Version=1"],
    ["POST&%2F&Action%3DX%26SecurityToken%3Da%252Bb", "POST&%2F&Action%3DX%26SecurityToken%3D<redacted>"],
    ["SAMLAssertion&#61;abc&amp;b", "SAMLAssertion&#61;<redacted>&amp;b"],
    ["SecretAccessKey=a SessionToken=b", "SecretAccessKey=<redacted> SessionToken=<redacted>"],
    [
      "WebIdentityToken=a&TokenCode=123456&Signature=x",
      "WebIdentityToken=<redacted>&TokenCode=<redacted>&Signature=<redacted>"
    ]
  ])("hides unknown secrets by the field they stand in: %s", (foreign, clean) => {
    assert.strictEqual(scrub(foreign, []), clean)
  })

  it("leaves other text alone", () => {
    const text = '{"RequestId":"1","Code":"NoPermission","Message":"<b>You</b> & me = us"}'
    assert.strictEqual(scrub(text, ["another"]), text)
  })
})

describe("excerpt", () => {
  it("scrubs before it cuts, so that no half of a secret is left", () => {
    assert.strictEqual(
      excerpt(`${"x".repeat(15)}secret-that-is-long`, ["secret-that-is-long"], 20),
      `${"x".repeat(15)}<reda…`
    )
  })

  it("cuts at 200 characters where nobody says otherwise", () => {
    assert.strictEqual(excerpt("x".repeat(200), []), "x".repeat(200))
    assert.strictEqual(excerpt("x".repeat(201), []), `${"x".repeat(200)}…`)
  })
})
