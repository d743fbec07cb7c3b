/** Changes to profiles of the command line tool's config file; everything else in it stays as it was. */
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Node, withMembers } from "../json.js"
import { listOf, nameOf, type ObjectNode, parse, tokensOf, topOf } from "./cliConfig.js"
import type { Renewed } from "./login.js"
import type { OAuthTokens } from "./plan.js"

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

/** A time as the file states it. */
export const secondsOf = (time: DateTime.Utc): number => Math.floor(DateTime.toEpochMillis(time) / 1_000)

/** The tokens that the config file's text holds for a profile, as far as it makes sense. */
export const tokensIn = (text: string, profile: string): OAuthTokens | undefined =>
  Result.getOrUndefined(
    Result.flatMap(parse(text), ({ profiles }) => {
      const section = profiles.get(profile)
      return section === undefined ? Result.succeed(undefined) : tokensOf(section)
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
