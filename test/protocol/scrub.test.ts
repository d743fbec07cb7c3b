import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { percentEncode } from "../../src/protocol/encoding.js"
import { excerpt, scrub } from "../../src/protocol/scrub.js"
import { unrepeated } from "../leaks/planted.js"

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
  it.each(spellings)("hides secrets: %s", (_, spell) => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(secret, { minLength: 1, maxLength: 3 }),
        words,
        (secrets, between) => {
          // Both are sometimes drawn from the same dangerous words, such as "prototype".
          FastCheck.pre(secrets.every((one) => !between.includes(one)))
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

  it("hides every occurrence, and ignores an empty secret", () => {
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

describe("a part of a secret", () => {
  const whole = unrepeated(1_000)

  it.each([
    ["its beginning", whole.slice(0, 30)],
    ["its end", whole.slice(-30)],
    ["its middle", whole.slice(400, 430)],
    ["lines of 76", whole.replace(/.{76}/g, "$&\n")],
    ["a cut", `${whole.slice(0, 50)}...${whole.slice(-50)}`],
    ["twelve characters", whole.slice(100, 112)],
    ["percent-encoded in places", whole.replace(/a/g, "%61")],
    ["a JSON text in a form in HTML", escapeHtml(percentEncode(JSON.stringify(whole)))]
  ])("is hidden as the whole is: %s", (_, part) => {
    const clean = scrub(`no: ${part}; sorry`, [whole])
    assert.match(clean, /^no: (%22|&quot;)?<redacted>([\s.]*<redacted>)*\w{0,11}(%22|&quot;)?; sorry$/)
  })

  it("below twelve characters is not hidden", () => {
    assert.strictEqual(scrub(whole.slice(0, 11), [whole]), whole.slice(0, 11))
  })

  it("is hidden where the text is cut", () => {
    const clean = scrub(`no: ${unrepeated(100_000)}`, [unrepeated(100_000)])
    assert.strictEqual(clean, "no: <redacted>")
  })
})

describe("a text that is hard to read", () => {
  const patterns = [
    "a",
    "%25",
    "%2",
    "&amp;",
    "&#",
    "&#x0",
    "\\",
    "\\u00",
    "(",
    "[^",
    "\n",
    "é",
    "😀",
    'Signature":"',
    "authorization: ",
    "<SessionToken>",
    "a&amp;%26"
  ]

  it("does not fail", () => {
    for (const text of patterns) {
      for (const secret of patterns) {
        const clean = scrub(text.repeat(5_000), [secret.repeat(5_000), secret, ""])
        if (text === secret) assert.match(clean, /<redacted>/)
      }
    }
  })

  it("is not shown when it cannot be scrubbed", () => {
    const broken = {
      get length(): number {
        throw new RangeError("no")
      }
    } as unknown as string
    assert.strictEqual(scrub("text", [broken]), "<redacted>")
  })

  it.each(patterns)("takes time in proportion to its length: %j", (pattern) => {
    const spent = (length: number) => {
      const text = pattern.repeat(length / pattern.length)
      const secret = `${text}x`
      let least = Number.POSITIVE_INFINITY
      for (let turn = 0; turn < 3; turn++) {
        const started = process.cpuUsage()
        scrub(text, [secret, `y${text}`])
        const { system, user } = process.cpuUsage(started)
        least = Math.min(least, (system + user) / 1000)
      }
      return least
    }
    const little = spent(25_000)
    assert.isBelow(spent(100_000), 16 * Math.max(little, 5))
  })
})

describe("excerpt", () => {
  it("scrubs before it cuts, so that no half of a secret is left", () => {
    assert.strictEqual(
      excerpt(`${"x".repeat(15)}secret-that-is-long`, ["secret-that-is-long"], 20),
      `${"x".repeat(15)}<reda…`
    )
  })

  it("is one line without control characters", () => {
    assert.strictEqual(excerpt("a\r\n\u001b[31mb\u202e\u2028c", []), "a [31mb c")
  })

  it("cuts at 200 characters by default", () => {
    assert.strictEqual(excerpt("x".repeat(200), []), "x".repeat(200))
    assert.strictEqual(excerpt("x".repeat(201), []), `${"x".repeat(200)}…`)
  })
})
