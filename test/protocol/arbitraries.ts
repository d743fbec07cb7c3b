/**
 * Texts that are hard to encode.
 */
import * as FastCheck from "fast-check"

const reserved = FastCheck.stringOf(FastCheck.constantFrom(..." !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~-._\t\n"), {
  maxLength: 20
})

const long = FastCheck.tuple(
  FastCheck.fullUnicodeString({ minLength: 1, maxLength: 8 }),
  FastCheck.nat(2_000)
).map(([text, times]) => text.repeat(times))

/** Well-formed texts: empty, plain, reserved characters, every plane of Unicode, and long ones. */
export const text: FastCheck.Arbitrary<string> = FastCheck.oneof(
  { weight: 1, arbitrary: FastCheck.constant("") },
  { weight: 4, arbitrary: FastCheck.asciiString() },
  { weight: 4, arbitrary: reserved },
  { weight: 4, arbitrary: FastCheck.fullUnicodeString() },
  { weight: 1, arbitrary: long }
)

/** Names and values with both sides hard to encode. */
export const pairs = (name: FastCheck.Arbitrary<string>): FastCheck.Arbitrary<Record<string, string>> =>
  FastCheck.array(
    FastCheck.tuple(
      name.filter((key) => key !== "__proto__"),
      text
    ),
    { maxLength: 12 }
  ).map(Object.fromEntries)

/** A name as the service's own parameters have it. */
export const plainName = FastCheck.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,20}$/)

/** Temporary or lasting keys. */
export const key = FastCheck.record({
  accessKeyId: FastCheck.hexaString({ minLength: 1, maxLength: 30 }),
  accessKeySecret: FastCheck.oneof(
    FastCheck.base64String({ minLength: 4, maxLength: 60 }),
    FastCheck.fullUnicodeString({ minLength: 1 })
  ),
  securityToken: FastCheck.option(FastCheck.base64String({ minLength: 4, maxLength: 1_000 }), {
    nil: undefined
  })
})

/** Any second from 1970 to the end of 2199. */
export const millis = FastCheck.integer({ min: 0, max: Date.UTC(2200, 0) - 1 })
