/**
 * What becomes of each trouble over HTTP, by who is asked.
 */
import type { HttpTrouble } from "./httpTroubles.js"
import type { Outcome } from "./watch.js"

type Outcomes = Readonly<Record<HttpTrouble, Outcome>>

const most: Outcomes = {
  "refused connection": "Unavailable",
  "unknown host": "Unavailable",
  "no way there": "Unavailable",
  "cut connection": "Unavailable",
  "foreign certificate": "Refused",
  silence: "Unavailable",
  "silence after the headers": "Unavailable",
  "cut answer": "Unavailable",
  "half a document": "Unavailable",
  "no document": "Unavailable",
  "a page": "Unavailable",
  "a gateway's page": "Unavailable",
  "another document": "Unavailable",
  "values of wrong types": "Malformed",
  "a flood": "Unavailable",
  "a redirect": "Refused",
  "401": "Refused",
  "403": "Refused",
  "404": "Refused",
  "429": "Unavailable",
  "500": "Unavailable",
  "503": "Unavailable",
  // What has ended is for the refresher to judge, which may have something better.
  "an end that has passed": "its credentials"
}

/** An answer of STS has its own form, and a redirect is none. */
const sts: Outcomes = { ...most, "a redirect": "Unavailable", "values of wrong types": "Unavailable" }

/** Somebody has to sign in again. */
const signedIn: Outcomes = { ...most, "401": "Expired" }

/** A service that knows no tokens is asked without one, and refuses; half a token is a token. */
const metadataToken: Outcomes = {
  ...most,
  "half a document": "Refused",
  "values of wrong types": "Unavailable"
}

/** It has a Code of its own, which is no list. */
const coded: Outcomes = { ...most, "another document": "Malformed" }

/** Where nobody asked for the service, who gives no token is none. */
const nobodysToken = Object.fromEntries(
  Object.entries(metadataToken).map(([trouble, outcome]) => [
    trouble,
    trouble === "half a document" || outcome === "its credentials" ? outcome : "NotConfigured"
  ])
) as Outcomes

/** Its first line is a role's name: half of one is that of another role, and none says that there is no role. */
const listOfRoles: Outcomes = {
  ...most,
  "half a document": "Refused",
  "values of wrong types": "its credentials"
}

/** What these troubles come to that say that there is nothing. */
const nothing = (outcomes: Outcomes, outcome: Outcome, troubles: ReadonlyArray<HttpTrouble>): Outcomes => ({
  ...outcomes,
  ...Object.fromEntries(troubles.map((trouble) => [trouble, outcome]))
})

/** The outcomes of the request of this name. */
export const outcomesOf = (request: string, configured: boolean): Outcomes => {
  if (/^(Assume|GetCaller)/.test(request)) return sts
  if (/^PUT/.test(request)) {
    return configured ? metadataToken : nobodysToken
  }
  if (/security-credentials(-extended)?\/$/.test(request)) {
    return nothing(listOfRoles, configured ? "Incomplete" : "NotConfigured", ["no document", "404"])
  }
  if (/sso\.|signin|oidc|oauth/.test(request)) return signedIn
  return /github/.test(request) ? most : coded
}
