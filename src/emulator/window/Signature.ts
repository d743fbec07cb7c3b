/**
 * A request's signature as the service sees it beside the one that was sent, and what the client seems to have signed
 * instead: what usually goes wrong is tried until it gives the signature that was sent.
 */

/** What a signature turned out to be. */
export interface SignatureView {
  readonly accessKeyId: string
  readonly canonicalRequest: string
  readonly stringToSign: string
  /** As it was sent. */
  readonly sent: string
  /** What it has to be; nothing where the key is unknown. */
  readonly expected: string | undefined
  /** What is wrong with it, in words; nothing where it is right. */
  readonly cause: string | undefined
  /** The canonical form that gives the signature that was sent, where that was found. */
  readonly signed: string | undefined
  /** Where the two forms part: the characters before are the same. */
  readonly difference: number | undefined
}

/** Something that may have gone wrong. */
export interface Guess {
  readonly cause: string
  readonly canonicalRequest: string
  readonly signature: () => string
}

/** How many characters two texts begin with alike. */
export const commonStart = (one: string, other: string): number => {
  let place = 0
  while (place < one.length && one[place] === other[place]) place++
  return place
}

/** What is left to say where no guess was right. */
const unexplained =
  "Nothing that usually goes wrong gives the signature that was sent. The secret is probably another one, or the request was changed on its way."

/** Puts together what is known of a signature. */
export const explain = (
  known: Pick<SignatureView, "accessKeyId" | "canonicalRequest" | "stringToSign" | "sent" | "expected">,
  guesses: () => ReadonlyArray<Guess>
): SignatureView => {
  const { canonicalRequest, expected, sent } = known
  const none = { signed: undefined, difference: undefined }
  if (expected === undefined) {
    return { ...known, ...none, cause: "No account here has this access key, nor any session." }
  }
  if (expected === sent) return { ...known, ...none, cause: undefined }
  const right = guesses().find(({ signature }) => signature() === sent)
  if (right === undefined) return { ...known, ...none, cause: unexplained }
  const isOther = right.canonicalRequest !== canonicalRequest
  return {
    ...known,
    cause: right.cause,
    signed: isOther ? right.canonicalRequest : undefined,
    difference: isOther ? commonStart(canonicalRequest, right.canonicalRequest) : undefined
  }
}

/** A canonical form that a client may have signed instead. */
export interface Variation {
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
export interface Sent {
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
export const variationsOf = (canonical: string, sent: Sent): ReadonlyArray<Variation> => {
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

/** A secret that may have been signed with instead. */
export interface OtherSecret {
  readonly cause: string
  readonly secret: string
}

/** The ways in which a secret is usually wrong: something at its end, or another key's. */
export const otherSecrets = (
  own: string,
  others: ReadonlyArray<{ readonly accessKeyId: string; readonly secret: string }>
): ReadonlyArray<OtherSecret> => {
  const altered = (what: string, secret: string): OtherSecret => ({
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
    ...others.map(({ accessKeyId, secret }) => ({
      cause: `It was signed with the secret of another key, ${accessKeyId}.`,
      secret
    }))
  ].filter(({ secret }) => secret !== own)
}
