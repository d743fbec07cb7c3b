/** The role that a cloud gives an instance, and its credentials, from the cloud's metadata service. */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import { refusalOf, remedyOf } from "../../protocol/credentialsDocument.js"
import type { Setting } from "../../protocol/settings.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import * as answer from "./answer.js"
import { type Manner, type Service, Session } from "./Session.js"

const isUnknown = ({ status }: Reply): boolean => remedyOf("", status).category === "not-found"

const wellFormedRole = /^[\w+=,.@-]{1,128}$/

/**
 * One source's knowledge of the role. The name is remembered until it is no longer known there, and of the service's
 * APIs the one that answered.
 */
export class InstanceRole {
  readonly session: Session
  private api: string | undefined
  private role: string | undefined

  constructor(
    client: HttpClient.HttpClient,
    private readonly service: Service,
    /** Paths that list the role and below which its credentials are; the first that is known is used. */
    private readonly apis: ReadonlyArray<string>
  ) {
    this.session = new Session(client, service)
  }

  /** What is read from the reply that holds the credentials, or refuses them. */
  credentials<Credentials>(
    manner: Manner,
    stated: Setting | undefined,
    read: (asked: answer.Asked, reply: Reply) => Effect.Effect<Credentials, SourceError>
  ): Effect.Effect<Credentials, SourceError> {
    const apis = this.api === undefined ? this.apis : [this.api]
    const asking = stated === undefined ? this.discovered(manner, apis) : this.named(manner, stated, apis)
    return asking.pipe(
      Effect.flatMap((reply) => read(this.session.asked, reply)),
      Effect.tap(() =>
        Effect.sync(() => {
          // One that knows no tokens shows by its credentials what it is.
          this.session.requests.recognised = true
        })
      ),
      Effect.mapError((error) => this.session.requests.meaningOf(error, manner))
    )
  }

  private named(
    manner: Manner,
    stated: Setting,
    [api, ...others]: ReadonlyArray<string>
  ): Effect.Effect<Reply, SourceError> {
    if (api === undefined) {
      return new StsCredentialError({
        ...this.service.source,
        reason: "Refused",
        detail: "the metadata service has no role of the configured name",
        transient: true,
        key: stated.key,
        hint: "Correct the name, or leave it out to take the role that the instance has."
      })
    }
    return Effect.flatMap(this.ask(manner, api, stated.value), (reply) =>
      isUnknown(reply) ? this.named(manner, stated, others) : Effect.succeed(reply)
    )
  }

  private discovered(manner: Manner, apis: ReadonlyArray<string>): Effect.Effect<Reply, SourceError> {
    const { api, role } = this
    if (api === undefined || role === undefined) return this.listed(manner, apis)
    return Effect.flatMap(this.ask(manner, api, role), (reply) =>
      isUnknown(reply) ? this.listed(manner, apis) : Effect.succeed(reply)
    )
  }

  private listed(manner: Manner, [api, ...others]: ReadonlyArray<string>): Effect.Effect<Reply, SourceError> {
    if (api === undefined) return this.roleless
    return Effect.flatMap(this.session.get(manner, api), (reply) => {
      if (isUnknown(reply)) return this.listed(manner, others)
      if (reply.status !== 200) return answer.refused(this.session.asked, reply)
      const role = reply.body.trim().split(/\s*\n/, 1)[0] ?? ""
      if (role === "") return this.roleless
      // Who says the same to everything is a page, or a stub.
      const isSame = this.session.isToken(role)
      if (isSame) this.session.disown()
      if (isSame || !wellFormedRole.test(role))
        return answer.foreign(this.session.asked, "it is not a role name")
      return this.ask(manner, api, role)
    })
  }

  private get roleless(): Effect.Effect<never, SourceError> {
    // An instance that had a role may be about to get another one.
    const reason = this.role === undefined ? "NotConfigured" : "Unavailable"
    return Effect.suspend(
      () => new StsCredentialError({ ...this.service.source, reason, detail: "the instance has no role" })
    )
  }

  private ask(manner: Manner, api: string, role: string): Effect.Effect<Reply, SourceError> {
    return Effect.tap(this.session.get(manner, `${api}${encodeURIComponent(role)}`), ({ body, status }) =>
      Effect.sync(() => {
        if (status !== 200) return
        if (refusalOf(body) !== undefined) this.session.requests.recognised = true
        this.api = api
        this.role = role
      })
    )
  }
}
