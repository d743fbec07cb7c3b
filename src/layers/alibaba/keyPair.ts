/** Alibaba Cloud credentials from whatever a source found. */
import * as Result from "effect/Result"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import * as KeyPair from "../keyPair.js"

const fields = ["id", "secret", "token"] as const

/** What would be sent and refused by a service that does not say why. */
const faultOf = (
  { keys, lineOf, ...place }: KeyPair.Place,
  found: KeyPair.Found
): StsCredentialError | undefined => {
  const fail = (
    field: (typeof fields)[number],
    reason: "Incomplete" | "Malformed",
    detail: string,
    hint: string
  ) => {
    const { file, profile, source } = place
    const key = keys[field]
    return new StsCredentialError({
      cloud: "alibaba",
      source,
      reason,
      key,
      detail: `${key} ${detail}`,
      file,
      line: lineOf?.(key) ?? lineOf?.(keys.id),
      profile,
      hint
    })
  }
  const commented = fields.find((field) => /[#;]/.test(found[field] ?? ""))
  if (commented !== undefined) {
    return fail(
      commented,
      "Malformed",
      "holds # or ;, as if a comment stood right after the value",
      "Take the comment away."
    )
  }
  return found.id?.startsWith("STS.") && !found.token?.trim()
    ? fail(
        "token",
        "Incomplete",
        `is missing, and ${keys.id} begins with "STS.", as those of temporary credentials do`,
        `Set ${keys.token} to the token that was issued with the key pair.`
      )
    : undefined
}

/**
 * Reads a key pair as credentials. The id of temporary ones without their token, and a value that a comment is glued to,
 * are errors here, before anything is sent.
 */
export const read = (
  place: KeyPair.Place,
  found: KeyPair.Found
): Result.Result<Credentials, StsCredentialError> =>
  Result.flatMap(KeyPair.read("alibaba", place, found), ({ expiration, id, secret, token }) => {
    const fault = faultOf(place, found)
    return fault === undefined
      ? Result.succeed(
          new Credentials({
            accessKeyId: id,
            accessKeySecret: secret,
            securityToken: token,
            expiration,
            source: place.origin ?? place.source
          })
        )
      : Result.fail(fault)
  })
