/**
 * Whether credentials can be signed with at all.
 *
 * @since 0.1.0
 */

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Cloud, StsSignatureError } from "../schemas/StsError.js"

const headerText = /^[\x21-\x7e]*$/

/**
 * What credentials are made of, by the names that their cloud gives them.
 *
 * @category models
 * @since 0.1.0
 */
export type Parts = Readonly<Record<string, string | Redacted.Redacted | undefined>>

/**
 * Signs, unless a secret has been wiped from memory or a part holds a character that no header can carry.
 *
 * @category signing
 * @since 0.1.0
 */
export const check = <A>(
  cloud: Cloud,
  operation: string,
  parts: Parts,
  sign: () => A
): Result.Result<A, StsSignatureError> => {
  const unsignable = (detail: string) => Result.fail(new StsSignatureError({ cloud, operation, detail }))
  for (const name in parts) {
    const part = parts[name]
    if (part === undefined) continue
    let plain: string
    try {
      plain = Redacted.isRedacted(part) ? Redacted.value(part) : part
    } catch {
      return unsignable(`${name} has been wiped from memory`)
    }
    if (!headerText.test(plain)) return unsignable(`${name} holds a space or a control character`)
  }
  return Result.succeed(sign())
}
