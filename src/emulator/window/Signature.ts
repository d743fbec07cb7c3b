/**
 * A request's signature as the service sees it beside the one that was sent, and what the client seems to have signed
 * instead: what usually goes wrong is tried until it gives the signature that was sent.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as acs3 from "../../protocol/alibaba/acs3.js"
import { scopeText, sha256, stringToSign } from "../../protocol/aws/sigV4.js"
import { percentEncode } from "../../protocol/encoding.js"
import * as AlibabaAuthentication from "../alibaba/Authentication.js"
import * as AwsAuthentication from "../aws/Authentication.js"
import type { WireRequest } from "../Service.js"

/** What a signature turned out to be. */
export interface SignatureView {
  readonly accessKeyId: string
  readonly canonicalRequest: string
  readonly stringToSign: string
  /** As it was sent. */
  readonly sent: string
  /** What it has to be; nothing where the key is unknown. */
  readonly expected: string | undefined
  /** What is wrong with it, in words; nothing if it is right. */
  readonly cause: string | undefined
  /** The canonical form that gives the signature that was sent, where that was found. */
  readonly signed: string | undefined
  /** Where the two forms part: the characters before are the same. */
  readonly difference: number | undefined
}

/** A key that the emulator knows. */
export interface KnownKey {
  readonly accessKeyId: string
  readonly secret: Redacted.Redacted
}

/** Something that may have been signed instead, and how: with a secret. */
interface Guess {
  readonly cause: string
  readonly canonicalRequest: string
  readonly sign: (secret: string) => string
}

/** A signature as a cloud reads it, and what may have been signed instead. */
interface Read extends Pick<SignatureView, "accessKeyId" | "canonicalRequest" | "stringToSign" | "sent"> {
  readonly sign: (secret: string) => string
  readonly guesses: () => ReadonlyArray<Guess>
}

/** How many characters two texts begin with alike. */
const commonStart = (one: string, other: string): number => {
  let place = 0
  while (place < one.length && one[place] === other[place]) place++
  return place
}

const unknownKey = "No account here has this access key, nor any session."
const unexplained =
  "Nothing that usually goes wrong gives the signature that was sent. The secret is probably another one, or the request was changed on its way."

/** Puts together what is known of a signature. */
const explain = ({ guesses, sign, ...known }: Read, keys: ReadonlyArray<KnownKey>): SignatureView => {
  const { accessKeyId, canonicalRequest, sent } = known
  const [secret] = keys.flatMap((key) => (key.accessKeyId === accessKeyId ? Redacted.value(key.secret) : []))
  const expected = secret === undefined ? undefined : sign(secret)
  const view = { ...known, expected, signed: undefined, difference: undefined }
  if (secret === undefined) return { ...view, cause: unknownKey }
  if (expected === sent) return { ...view, cause: undefined }
  const other = otherSecrets(secret, accessKeyId, keys).find((one) => sign(one.secret) === sent)
  if (other !== undefined) return { ...view, cause: other.cause }
  const right = guesses().find((guess) => guess.sign(secret) === sent)
  if (right === undefined) return { ...view, cause: unexplained }
  const signed = right.canonicalRequest
  return signed === canonicalRequest
    ? { ...view, cause: right.cause }
    : { ...view, cause: right.cause, signed, difference: commonStart(canonicalRequest, signed) }
}

/** A canonical form that a client may have signed instead. */
interface Variation {
  readonly cause: string
  readonly canonicalRequest: string
}

/** A canonical form by its parts, as AWS and Alibaba Cloud's ACS3 have it. */
interface Parts {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: ReadonlyArray<string>
  readonly names: string
  readonly hash: string
}

const partsOf = (canonical: string): Parts => {
  const lines = canonical.split("\n")
  const [method = "", path = "", query = ""] = lines
  const [names = "", hash = ""] = lines.slice(-2)
  return { method, path, query, headers: lines.slice(3, -3), names, hash }
}

const textOf = ({ hash, headers, method, names, path, query }: Parts): string =>
  [method, path, query, ...headers, "", names, hash].join("\n")

/** What is known of the request beside its canonical form. */
interface Sent {
  /** The query as it was sent. */
  readonly query: string
  /** The body's hash as a header states it. */
  readonly statedHash: string | undefined
  readonly emptyHash: string
  /** Hosts that it may have been signed for. */
  readonly hosts: ReadonlyArray<string>
}

const withHeader = (parts: Parts, name: string, change: (value: string) => string): Parts => ({
  ...parts,
  headers: parts.headers.map((line) =>
    line.startsWith(`${name}:`) ? `${name}:${change(line.slice(name.length + 1))}` : line
  )
})

/** What usually differs between the form that was signed and the one that arrived. */
const variationsOf = (canonical: string, sent: Sent): ReadonlyArray<Variation> => {
  const parts = partsOf(canonical)
  const host = parts.headers.find((line) => line.startsWith("host:"))?.slice(5) ?? ""
  const port = /:\d+$/.exec(host)?.[0] ?? ""
  const hosts = [...new Set([host.replace(/:\d+$/, ""), ...sent.hosts])].flatMap((name) => [
    name,
    `${name}${port}`
  ])
  const vary = (cause: string, changed: Partial<Parts> | Parts): Variation => ({
    cause,
    canonicalRequest: textOf({ ...parts, ...changed })
  })
  const all = [
    ...(sent.statedHash === undefined
      ? []
      : [
          vary("The body is not the one whose hash was signed: it was changed after it was signed.", {
            hash: sent.statedHash
          })
        ]),
    vary("An empty body was signed, and this one was sent.", { hash: sent.emptyHash }),
    vary("The body was left out of the signature (UNSIGNED-PAYLOAD).", { hash: "UNSIGNED-PAYLOAD" }),
    ...hosts.map((name) =>
      vary(`It was signed for the host ${name} and sent to ${host}: is there a proxy, or another endpoint?`, {
        ...withHeader(parts, "host", () => name)
      })
    ),
    ...["GET", "POST"].map((method) =>
      vary(`It was signed as ${method} and sent as ${parts.method}.`, { method })
    ),
    vary("The path was signed as empty, where it has to be a slash.", { path: "" }),
    vary("The path was percent-encoded once only.", { path: parts.path.replaceAll("%25", "%") }),
    vary("The query was signed in the order in which it was sent, where it has to be sorted.", {
      query: sent.query
    }),
    vary("Spaces of the query were signed as +, where they have to be %20.", {
      query: parts.query.replaceAll("%20", "+")
    }),
    vary("The query was left out of the signature.", { query: "" }),
    vary("The content type was signed without its charset.", {
      ...withHeader(parts, "content-type", (type) => type.replace(/;.*/, ""))
    }),
    ...["; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8"].map((charset) =>
      vary("The content type was signed with a charset that was not sent.", {
        ...withHeader(parts, "content-type", (type) => type.replace(/;.*/, "") + charset)
      })
    )
  ]
  return all.filter(({ canonicalRequest }) => canonicalRequest !== canonical)
}

/** The ways in which a secret is usually wrong: something at its end, or another key's. */
const otherSecrets = (own: string, accessKeyId: string, keys: ReadonlyArray<KnownKey>) => {
  const altered = (what: string, secret: string) => ({
    cause: `It was signed with the right secret and ${what}.`,
    secret
  })
  return [
    altered("a line end after it", `${own}\n`),
    altered("a carriage return after it", `${own}\r`),
    altered("a carriage return and a line end after it", `${own}\r\n`),
    altered("a space after it", `${own} `),
    altered("a space before it", ` ${own}`),
    altered("quotes around it", `"${own}"`),
    altered("percent-encoding in it", encodeURIComponent(own)),
    { cause: "It was signed with an empty secret.", secret: "" },
    ...keys
      .filter((key) => key.accessKeyId !== accessKeyId)
      .map((key) => ({
        cause: `It was signed with the secret of another key, ${key.accessKeyId}.`,
        secret: Redacted.value(key.secret)
      }))
  ].filter(({ secret }) => secret !== own)
}

const sentTo = (request: WireRequest, hash: string, hosts: ReadonlyArray<string>) => ({
  query: request.query,
  statedHash: request.headers[hash],
  emptyHash: sha256(""),
  hosts: ["localhost", "127.0.0.1", ...hosts]
})

const awsServices = ["iam", "s3", "execute-api", "sso"]

const readAws = (request: WireRequest): Read | undefined => {
  const read = Result.getOrUndefined(
    AwsAuthentication.readSignature(request, AwsAuthentication.read(request))
  )
  if (read === undefined) return undefined
  const { accessKeyId, canonicalRequest, date, scope, signature } = read
  const signing =
    (canonical: string, scoped = scope) =>
    (secret: string): string =>
      AwsAuthentication.signatureWith(Redacted.make(secret), { date, scope: scoped }, canonical)
  const hosts = ["sts.amazonaws.com", `sts.${scope.region}.amazonaws.com`]
  return {
    accessKeyId,
    canonicalRequest,
    stringToSign: stringToSign(date, scopeText(scope), canonicalRequest),
    sent: signature,
    sign: signing(canonicalRequest),
    guesses: () => [
      ...variationsOf(canonicalRequest, sentTo(request, "x-amz-content-sha256", hosts)).map((variation) => ({
        ...variation,
        sign: signing(variation.canonicalRequest)
      })),
      ...awsServices.map((service) => ({
        cause: `The key was derived for the service ${service}, and the scope says ${scope.service}.`,
        canonicalRequest,
        sign: signing(canonicalRequest, { ...scope, service })
      }))
    ]
  }
}

const rpcVariations = (
  method: string,
  canonical: string
): ReadonlyArray<Variation & { readonly text: string }> => {
  const other = method === "GET" ? "POST" : "GET"
  const over = (cause: string, parameters: string, by = method) => ({
    cause,
    canonicalRequest: parameters,
    text: `${by}&%2F&${percentEncode(parameters)}`
  })
  return [
    over(`It was signed as ${other} and sent as ${method}.`, canonical, other),
    over("Spaces were signed as +, where they have to be %20.", canonical.replaceAll("%20", "+")),
    over("Asterisks were signed plain, where they have to be %2A.", canonical.replaceAll("%2A", "*")),
    over("Tildes were percent-encoded, where they have to be plain.", canonical.replaceAll("~", "%7E")),
    {
      cause: "The parameters were not percent-encoded a second time.",
      canonicalRequest: canonical,
      text: `${method}&%2F&${canonical}`
    }
  ]
}

const readAlibaba = (request: WireRequest): Read | undefined => {
  const read = Result.getOrUndefined(
    AlibabaAuthentication.readSignature(request, AlibabaAuthentication.read(request))
  )
  if (read === undefined) return undefined
  const { accessKeyId, canonicalRequest, form, signature, stringToSign } = read
  const signing = (text: string) => (secret: string) =>
    AlibabaAuthentication.signatureWith(secret, form, text)
  const variations = () =>
    form === "rpc"
      ? rpcVariations(request.method, canonicalRequest)
      : variationsOf(canonicalRequest, sentTo(request, "x-acs-content-sha256", ["sts.aliyuncs.com"])).map(
          (variation) => ({ ...variation, text: acs3.stringToSign(variation.canonicalRequest) })
        )
  return {
    accessKeyId,
    canonicalRequest,
    stringToSign,
    sent: signature,
    sign: signing(stringToSign),
    guesses: () => variations().map(({ text, ...variation }) => ({ ...variation, sign: signing(text) }))
  }
}

/** What is known of a request's signature; nothing where it has none that could be read. */
export const signatureOf = (
  cloud: string,
  request: WireRequest,
  keys: ReadonlyArray<KnownKey>
): SignatureView | undefined => {
  const read = cloud === "aws" ? readAws(request) : readAlibaba(request)
  return read && explain(read, keys)
}
