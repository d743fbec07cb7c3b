/**
 * What can be set of an HTTP client's connections, checked before any is made.
 *
 * There is no option that leaves a server's certificate unchecked, and `NODE_TLS_REJECT_UNAUTHORIZED` does not count:
 * who answers in the service's place gets every token. A server with a certificate of its own is trusted by `ca`.
 */
import { createPrivateKey, X509Certificate } from "node:crypto"
import { isIP } from "node:net"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { StsConfigError } from "../schemas/StsError.js"
import { faultCodes } from "../services/BufferedClient.js"
import type { Settings } from "./connections.js"
import * as Proxy from "./proxy.js"

/** What can be set. Proxies come from the environment where `proxy` is left out. */
export interface ClientOptions extends Proxy.ProxyOptions {
  /**
   * Certificates in PEM, to trust instead of the system's. Without them `NODE_EXTRA_CA_CERTS` counts as ever. No option
   * leaves a server's certificate unchecked.
   */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /** This client's certificate in PEM, and those that lead to its issuer, for servers that ask for one. Needs `key`. */
  readonly cert?: string | undefined
  /** The private key of `cert`, in PEM. */
  readonly key?: string | Redacted.Redacted | undefined
  /** What `key` is encrypted with, if it is. */
  readonly passphrase?: string | Redacted.Redacted | undefined
  /** The address of this machine that connections are made from, for example `10.0.0.7`. */
  readonly localAddress?: string | undefined
}

const wrong = (key: keyof ClientOptions, detail: string) => Result.fail(new StsConfigError({ key, detail }))

const plain = (text: string | Redacted.Redacted | undefined): string | undefined =>
  Redacted.isRedacted(text) ? Redacted.value(text) : text

const certificate = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]+-----END \1-----/g

/** Node itself takes text that holds no certificate without a word, and then trusts nobody. */
const certificatesOf = (key: "ca" | "cert", texts: ReadonlyArray<string>) =>
  Result.try({
    try: () =>
      texts.flatMap((text) => {
        const found = text.match(certificate) ?? []
        if (found.length === 0) throw new Error("no certificate")
        for (const one of found) new X509Certificate(one)
        return found
      }),
    catch: () => new StsConfigError({ key, detail: "is not a certificate in PEM" })
  })

const trusted = (ca: ClientOptions["ca"]) =>
  ca === undefined ? Result.succeed(undefined) : certificatesOf("ca", typeof ca === "string" ? [ca] : ca)

type Identity = Pick<Settings, "cert" | "key" | "passphrase">

const nobody: Identity = { cert: undefined, key: undefined, passphrase: undefined }

const identity = (options: ClientOptions): Result.Result<Identity, StsConfigError> =>
  Result.gen(function* () {
    const { cert } = options
    const key = plain(options.key)
    const passphrase = plain(options.passphrase)
    if (cert === undefined && key === undefined) return nobody
    if (cert === undefined) return yield* wrong("cert", "is missing: key is of use with it alone")
    if (key === undefined) return yield* wrong("key", "is missing: cert is of use with it alone")
    const [own = ""] = yield* certificatesOf("cert", [cert])
    const read = yield* Result.try({
      try: () => createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) }),
      catch: () =>
        new StsConfigError({ key: "key", detail: "is not a private key in PEM that passphrase opens" })
    })
    if (!new X509Certificate(own).checkPrivateKey(read)) {
      return yield* wrong("key", "is not the private key of cert's first certificate")
    }
    return { cert, key, passphrase }
  })

const address = (localAddress: string | undefined) =>
  localAddress === undefined || isIP(localAddress) !== 0
    ? Result.succeed(localAddress)
    : wrong("localAddress", "is not an IP address")

/** What a client is made of: what is the same for all its exchanges, and the proxy for each host. */
export interface Checked {
  readonly settings: Settings
  readonly proxyFor: Proxy.ProxyFor
}

/** Checks options. What is wrong is a `StsConfigError` that names the option and repeats nothing of it. */
export const check = (options: ClientOptions): Effect.Effect<Checked, StsConfigError> =>
  Effect.gen(function* () {
    const settings: Settings = {
      ca: yield* Effect.fromResult(trusted(options.ca)),
      ...(yield* Effect.fromResult(identity(options))),
      localAddress: yield* Effect.fromResult(address(options.localAddress)),
      codes: faultCodes
    }
    return { settings, proxyFor: yield* Proxy.make(options) }
  })
