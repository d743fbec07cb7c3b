/**
 * Where a signed request goes, written so that what is sent and what is signed cannot be read differently.
 *
 * Source: "Create a signed AWS API request", IAM User Guide; for S3 "Authenticating Requests (AWS Signature Version 4)",
 * Amazon S3 API Reference.
 */
import * as Result from "effect/Result"
import { encodePairs, type Pairs, percentEncode } from "./percentEncoding.js"

/** A URL taken apart for signing. */
export interface Target {
  /** To be sent to, as it stands. */
  readonly url: string
  /** With the port, where it is not the scheme's own. */
  readonly host: string
  readonly secure: boolean
  /** What the signature's canonical form encodes once: the path as it goes out, or for S3 as it is meant. */
  readonly path: string
  readonly query: Pairs
}

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

const encoded = (segments: ReadonlyArray<string>): string => segments.map(percentEncode).join("/")

/** The path as it goes out, and as the signer wants it. */
const paths = (path: string, likeS3: boolean): readonly [sent: string, signed: string] | undefined => {
  const whole = decoded(path)
  if (whole === undefined) return undefined
  // An object's key has no segments: its slashes are characters like others.
  if (likeS3) return [encoded(whole.split("/")), whole]
  const sent = encoded(path.split("/").map((segment) => decoded(segment) ?? segment))
  return [sent, sent]
}

/**
 * Takes a URL apart, or says why a request to it cannot be signed. Characters that a URL may hold plain or
 * percent-encoded, such as a colon, go out encoded, and a space in the query as `%20`: so nobody on the way can take
 * them for something else than was signed.
 */
export const targetOf = (url: URL, likeS3 = false): Result.Result<Target, string> => {
  const secure = url.protocol === "https:"
  if (!secure && url.protocol !== "http:") return Result.fail("only http: and https: URLs can be signed")
  if (url.username !== "" || url.password !== "")
    return Result.fail("a URL with a user name cannot be signed")
  const path = paths(url.pathname, likeS3)
  if (path === undefined) return Result.fail("the URL's path has a % that does not begin a UTF-8 character")
  const [sent, signed] = path
  const query: Pairs = [...url.searchParams]
  const search = query.length === 0 ? "" : `?${encodePairs(query)}`
  return Result.succeed({
    url: `${url.protocol}//${url.host}${sent}${search}`,
    host: url.host,
    secure,
    path: signed,
    query
  })
}
