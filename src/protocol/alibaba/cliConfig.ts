/**
 * The config file of the vendor's command line tool: `{"current": name, "profiles": [{"name": name, "mode": mode, ...}]}`,
 * and how it keeps the tokens of the user who logged in with OAuth.
 *
 * Source: "Configure credentials", chapter "OAuth", Alibaba Cloud CLI documentation.
 */

import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Json from "../json.js"
import { type Node, parseTree, type Spot, spotOf, spotsOf, withMembers } from "../json.js"
import { type OAuthTokens, secret } from "./plan.js"
import { type Entry, type Fault, type PassedOver, type Section, time, timeAt } from "./section.js"

/** What the file states. */
export interface CliConfig {
  /** The profile that counts where none is named, or a fault where it is not text. */
  readonly current: Result.Result<{ readonly name: string; readonly line: number } | undefined, Fault>
  readonly profiles: ReadonlyMap<string, Section>
  /** Entries in the list that are not profiles. They are not used, so they do not affect the others. */
  readonly passedOver: ReadonlyArray<PassedOver>
}

type ObjectNode = Extract<Node, { readonly kind: "object" }>
type SpotAt = (offset: number) => Spot

const malformed = (
  line: number,
  detail: string,
  more: Pick<Fault, "key" | "hint"> = {}
): Result.Result<never, Fault> => Result.fail({ reason: "Malformed", detail, line, ...more })

// What people write that JSON does not have.
const slips: ReadonlyArray<readonly [begins: RegExp, hint: string]> = [
  [/^(\/\/|\/\*|#)/, "JSON has no comments: remove it."],
  [/^[}\]]/, "Look for an extra comma before it."],
  [/^"/, "Look for a comma that is missing before it, or for a quotation mark."],
  [/^['A-Za-z_]/, "Put strings and names in double quotes."],
  [/^$/, "Its end is missing."]
]

const noJson = (text: string, { column, line }: Spot): Result.Result<never, Fault> => {
  if (text.replace(/^\uFEFF/, "").trim() === "") return malformed(1, "it is empty")
  const rest = text.split(/\r\n|\n|\r/)[line - 1]?.slice(column - 1) ?? ""
  const [, hint] = slips.find(([begins]) => begins.test(rest)) ?? []
  return malformed(line, `it is not valid JSON: line ${line}, column ${column}`, { hint })
}

const topOf = (text: string): Result.Result<ObjectNode, Fault> => {
  const parsed = parseTree(text)
  if (Result.isFailure(parsed)) return noJson(text, parsed.failure)
  return parsed.success.kind === "object"
    ? Result.succeed(parsed.success)
    : malformed(spotOf(text, parsed.success.start).line, "it is not a JSON object")
}

const plainOf = (node: Node | undefined): unknown => (node?.kind === "plain" ? node.value : node)

/** The entries of the list of profiles; undefined where there is no list. */
const listOf = (top: ObjectNode): ReadonlyArray<Node> | undefined => {
  const node = top.members.get("profiles")?.node
  if (node?.kind === "array") return node.items
  return node === undefined || plainOf(node) === null ? [] : undefined
}

const nameOf = (object: ObjectNode): string | undefined => {
  const name = plainOf(object.members.get("name")?.node)
  return typeof name === "string" ? name : undefined
}

const sectionOf = (spotAt: SpotAt, object: ObjectNode, name: string): Section => ({
  name,
  line: spotAt(object.start).line,
  settings: new Map(
    [...object.members].map(([key, { node, start }]): [string, Entry] => [
      key,
      { value: plainOf(node), line: spotAt(start).line }
    ])
  )
})

const currentOf = (spotAt: SpotAt, top: ObjectNode): CliConfig["current"] => {
  const member = top.members.get("current")
  const current = plainOf(member?.node)
  if (member === undefined || current === null) return Result.succeed(undefined)
  const { line } = spotAt(member.start)
  if (typeof current !== "string") return malformed(line, "current is not a string", { key: "current" })
  return Result.succeed(current.trim() === "" ? undefined : { name: current, line })
}

/** Reads the file. Of profiles with the same name the first counts, as in the vendor's tools. */
export const parse = (text: string): Result.Result<CliConfig, Fault> =>
  Result.flatMap(topOf(text), (top) => {
    const spotAt = spotsOf(text)
    const items = listOf(top)
    if (items === undefined) {
      return malformed(spotAt(top.members.get("profiles")?.start ?? 0).line, "profiles is not a list")
    }
    const profiles = new Map<string, Section>()
    const passedOver: Array<PassedOver> = []
    for (const item of items) {
      const name = item.kind === "object" ? nameOf(item) : undefined
      if (item.kind !== "object" || name === undefined) {
        const detail = item.kind === "object" ? "a profile has no name" : "a profile is not a JSON object"
        passedOver.push({ line: spotAt(item.start).line, detail })
      } else if (!profiles.has(name)) profiles.set(name, sectionOf(spotAt, item, name))
    }
    return Result.succeed({ current: currentOf(spotAt, top), profiles, passedOver })
  })

/**
 * The file's text with settings of one profile changed and everything else as it was; undefined where there is no such
 * profile.
 */
const update = (
  text: string,
  profile: string,
  changes: Readonly<Record<string, string | number>>
): string | undefined => {
  const items = Result.getOrElse(Result.map(topOf(text), listOf), () => undefined)
  const isWanted = (node: Node): node is ObjectNode => node.kind === "object" && nameOf(node) === profile
  const object = items?.find(isWanted)
  return object === undefined ? undefined : withMembers(text, object, changes)
}

type Members = Readonly<Record<string, string | number>>

const tab = "\t"

const newFile = (profile: string, members: Members): string =>
  `${JSON.stringify({ current: profile, profiles: [{ name: profile, ...members }], meta_path: "" }, undefined, tab)}\n`

const added = (text: string, profile: string, members: Members): string | undefined => {
  const list = Result.getOrUndefined(topOf(text))?.members.get("profiles")?.node
  if (list?.kind !== "array") return undefined
  const last = list.items.at(-1)
  const at = last?.end ?? list.start + 1
  const object = JSON.stringify({ name: profile, ...members }, undefined, tab).replaceAll("\n", "\n\t\t")
  return `${text.slice(0, at)}${last === undefined ? "" : ","}\n\t\t${object}${text.slice(at)}`
}

/**
 * The file's text with settings of one profile changed, which is added where there is none, and everything else as it
 * was; undefined where the text is no such file. Without a file, a new one has that profile as the current one.
 */
export const withProfile = (
  text: string | undefined,
  profile: string,
  changes: Members,
  ofNew: Members
): string | undefined => {
  if (text === undefined || text.trim() === "") return newFile(profile, { ...ofNew, ...changes })
  return update(text, profile, changes) ?? added(text, profile, { ...ofNew, ...changes })
}

/** The file's text without a profile's members of these names; undefined where it has none of them. */
export const withoutMembers = (
  text: string,
  profile: string,
  members: Readonly<Record<string, string | number>>
): string | undefined => {
  const settings = Result.getOrUndefined(parse(text))?.profiles.get(profile)?.settings
  const stated = Object.entries(members).filter(([name, none]) => {
    const value = settings?.get(name)?.value
    return value !== undefined && value !== null && value !== none
  })
  return stated.length === 0 ? undefined : update(text, profile, Object.fromEntries(stated))
}

/** Which accounts the login is for: those of mainland China's site, or of the international one. */
export type Site = "CN" | "INTL"

/** Where each site issues tokens and people sign in, and the number by which it knows the command line tool. */
export const sites: Readonly<
  Record<Site, { readonly url: string; readonly signIn: string; readonly clientId: string }>
> = {
  CN: {
    url: "https://oauth.aliyun.com",
    signIn: "https://signin.aliyun.com",
    clientId: "4038181954557748008"
  },
  INTL: {
    url: "https://oauth.alibabacloud.com",
    signIn: "https://signin.alibabacloud.com",
    clientId: "4103531455503354461"
  }
}

/** The body of a request for the next tokens. */
export const renewalForm = (site: Site, refreshToken: Redacted.Redacted): string =>
  new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: Redacted.value(refreshToken),
    client_id: sites[site].clientId
  }).toString()

/** A time as the file states it. */
export const secondsOf = (time: DateTime.Utc): number => Math.floor(DateTime.toEpochMillis(time) / 1_000)

/** Tokens of which every one is there. */
export type Renewed = { readonly [K in keyof OAuthTokens]: NonNullable<OAuthTokens[K]> }

/**
 * The tokens that a reply holds, or what is wrong with it. A reply without a refresh token leaves the old one valid.
 */
export const renewed = (
  reply: Json.JsonObject,
  refreshToken: Redacted.Redacted,
  now: number
): Result.Result<Renewed, Json.Misfit> =>
  Result.gen(function* () {
    const names = { accessToken: "access_token", next: "refresh_token" }
    const { accessToken, next } = yield* Result.mapError(Json.texts(reply, names), Json.misfit)
    const seconds = yield* Result.mapError(Json.number(reply, "expires_in"), Json.misfit)
    if (accessToken === undefined) return yield* Result.fail(Json.lacking(names.accessToken))
    if (seconds === undefined) return yield* Result.fail(Json.lacking("expires_in"))
    return {
      accessToken: Redacted.make(accessToken),
      accessTokenExpiration: timeAt(now + seconds * 1_000),
      refreshToken: next === undefined ? refreshToken : Redacted.make(next)
    }
  })

/** The tokens that the config file's text holds for a profile, as far as it makes sense. */
export const tokensIn = (text: string, profile: string): OAuthTokens | undefined =>
  Result.getOrUndefined(
    Result.gen(function* () {
      const section = (yield* parse(text)).profiles.get(profile)
      if (section === undefined) return undefined
      return {
        accessToken: yield* secret(section, "oauth_access_token"),
        accessTokenExpiration: yield* time(section, "oauth_access_token_expire"),
        refreshToken: yield* secret(section, "oauth_refresh_token")
      }
    })
  )

/** The config file's text with a profile's tokens replaced; undefined where that cannot be. */
export const withTokens = (
  text: string,
  profile: string,
  { accessToken, accessTokenExpiration, refreshToken }: Renewed
): string | undefined =>
  update(text, profile, {
    oauth_access_token: Redacted.value(accessToken),
    oauth_access_token_expire: secondsOf(accessTokenExpiration),
    oauth_refresh_token: Redacted.value(refreshToken)
  })
