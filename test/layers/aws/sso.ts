/** Who has signed in to Identity Center, and what its portal answers. */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { ConfiguredAt } from "../../../src/services/SourceRequest.js"
import { planted } from "../../leaks/planted.js"
import { Disk } from "../../support/files.js"
import { type Answer, reply, scripted } from "../../support/scripted.js"
import { inMinutes } from "./signedIn.js"
export const startUrl = "https://example.awsapps.com/start"
const where = { file: "/home/.aws/config", line: 3, profile: "dev" }
export const options = { startUrl, region: "eu-central-1", accountId: "123456789012", roleName: "Reader" }
export const session = { ...options, sessionName: "corp" }

export const pathOf = (key: string): string =>
  `/home/.aws/sso/cache/${createHash("sha1").update(key).digest("hex")}.json`

const { accessKeySecret, issuedSecret, issuedToken, oidcToken, securityToken } = planted

/** What `aws sso login` has written. */
export const signedIn = (minutes: number, more: object = {}): string =>
  JSON.stringify({
    startUrl,
    region: "eu-central-1",
    accessToken: oidcToken,
    expiresAt: inMinutes(minutes),
    clientId: "client",
    clientSecret: accessKeySecret,
    registrationExpiresAt: inMinutes(60 * 24),
    refreshToken: securityToken,
    ofTheFuture: { kept: true },
    ...more
  })

export const role = reply(200, {
  roleCredentials: {
    accessKeyId: "ASIAROLE",
    secretAccessKey: issuedSecret,
    sessionToken: issuedToken,
    expiration: Date.parse("2026-01-01T08:00:00Z")
  }
})

export const token = (more: object = {}) =>
  reply(200, { accessToken: issuedToken, tokenType: "Bearer", expiresIn: 3600, ...more })

export const machine = (text: string | undefined, ...answers: ReadonlyArray<Answer>) => ({
  disk: new Disk(text === undefined ? {} : { [pathOf("corp")]: text, [pathOf(startUrl)]: text }),
  http: scripted(...answers)
})

export const get = (given: Aws.Sso.Options = session) =>
  Effect.flatMap(Effect.provideService(Aws.Sso.make(given), ConfiguredAt, where), (source) => source.get)

export const getToken = Effect.flatMap(Aws.SsoToken.make(session), (source) => source.get)

export const portal = "https://portal.sso.eu-central-1.amazonaws.com/"
export const roleUrl = `${portal}federation/credentials?role_name=Reader&account_id=123456789012`
