/** What the identity providers that the emulator plays can be told to state. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Generator } from "./Generator.js"
import type { IdentityProviderKey } from "./IdentityProviderKey.js"
import * as Oidc from "./Oidc.js"
import type { MissingPackageError } from "./OptionalPackage.js"
import * as Saml from "./Saml.js"

/** What an OIDC token is to say; each field defaults to what the seeded role accepts. */
export interface OidcTokenOptions {
  readonly issuer?: string | undefined
  readonly subject?: string | undefined
  readonly audience?: string | ReadonlyArray<string> | undefined
  /** One hour where left out. */
  readonly expiresIn?: Duration.Input | undefined
  /** Further claims. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** What a SAML response is to say; each field defaults to what the seeded role accepts. */
export interface SamlResponseOptions {
  readonly issuer?: string | undefined
  readonly subject?: string | undefined
  readonly audience?: string | undefined
  readonly recipient?: string | undefined
  readonly roleArn?: string | undefined
  readonly samlProviderArn?: string | undefined
  readonly roleSessionName?: string | undefined
  /** Five minutes where left out. */
  readonly expiresIn?: Duration.Input | undefined
  /** Further attributes, by their names. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** Identity providers as a test handles them. */
export interface Minting {
  /** A token of the OIDC provider that the emulator plays. */
  readonly mintOidcToken: (
    options?: OidcTokenOptions
  ) => Effect.Effect<Redacted.Redacted, MissingPackageError>
  /** A response of the SAML provider that the emulator plays, in base64. */
  readonly mintSamlResponse: (
    options?: SamlResponseOptions
  ) => Effect.Effect<Redacted.Redacted, MissingPackageError>
}

/** What a cloud's seeded role accepts. */
export interface Accepted {
  readonly oidc: { readonly issuer: string; readonly subject: string; readonly audience: string }
  readonly saml: {
    readonly issuer: string
    readonly audience: string
    readonly recipient: string
    readonly roleArn: string
    readonly samlProviderArn: string
  }
  /** The names of attributes. */
  readonly attributes: { readonly role: string; readonly roleSessionName: string }
}

const statementOf = (accepted: Accepted, options: SamlResponseOptions, id: string): Saml.Statement => {
  const { attributes, saml } = accepted
  return {
    id,
    issuer: options.issuer ?? saml.issuer,
    subject: options.subject ?? "alice@emulator.test",
    audience: options.audience ?? saml.audience,
    recipient: options.recipient ?? saml.recipient,
    expiresIn: options.expiresIn ?? "5 minutes",
    attributes: {
      [attributes.role]: `${options.roleArn ?? saml.roleArn},${options.samlProviderArn ?? saml.samlProviderArn}`,
      [attributes.roleSessionName]: options.roleSessionName ?? "alice",
      ...options.attributes
    }
  }
}

/** The identity providers of a cloud. `now` is the emulator's clock, in milliseconds since 1970. */
export const make = (
  accepted: Accepted,
  ownKey: Effect.Effect<IdentityProviderKey>,
  generator: Generator,
  now: Effect.Effect<number>
): Minting => ({
  mintOidcToken: (options = {}) =>
    Effect.flatMap(Effect.all([ownKey, now]), ([key, time]) =>
      Oidc.mint(
        key,
        {
          issuer: options.issuer ?? accepted.oidc.issuer,
          subject: options.subject ?? accepted.oidc.subject,
          audience: options.audience ?? accepted.oidc.audience,
          expiresIn: options.expiresIn ?? "1 hour",
          extra: options.claims ?? {}
        },
        time
      )
    ),
  mintSamlResponse: (options = {}) =>
    Effect.flatMap(Effect.all([ownKey, now, generator.text(32)]), ([key, time, id]) =>
      Saml.mint(key, statementOf(accepted, options, id), time)
    )
})
