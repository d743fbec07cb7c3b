/**
 * What the processes of a fleet do to one entry, each in one step that Redis runs whole. All times are the server's, since
 * the clocks of machines differ by minutes.
 *
 * KEYS: 1 the entry, 2 the lease, 3 the fence. The lease holds the token of who renews the entry or, after its source
 * failed, `!` and a code for as long as nobody shall ask again who finds an entry, and until when nobody shall who does
 * not. The fence is a number that rises with every lease: what
 * somebody puts who was granted an older lease is refused. It is never below the server's microseconds, so that it also
 * rises where Redis was emptied or a promoted replica has lost the last one.
 *
 * A script that breaks in the middle is not undone: writes that may be refused, since Redis is full or read-only, come
 * first and by `pcall`. Lua prints large numbers with an exponent, hence `%.0f`.
 */
import { createHash } from "node:crypto"

/** A script, as Redis runs it and by what name it keeps it. */
export interface Script {
  /** What it does, in a word. */
  readonly name: string
  /** Its text. */
  readonly lua: string
  /** The text's SHA-1 in hexadecimal, the name that Redis gives it. */
  readonly sha: string
}

const script = (name: string, lua: string): Script => ({
  name,
  lua,
  sha: createHash("sha1").update(lua).digest("hex")
})

const time = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`

const refused = "type(written) == 'table' and written.err"

/** How long a fence is remembered: longer than any lease by far. */
const day = "86400000"

/**
 * Reads the entry and, where it is due, missing or the rejected one, takes the lease. One that is sent again, since a
 * server died before it answered, is granted the lease again.
 *
 * ARGV: a token, how long the lease lasts in ms, the id of a rejected entry or `-`.
 * Gives: the time in ms, the entry or nothing, the fence of the lease if it was granted, how long the lease or the memory
 * of a failure lasts on, and `fresh`, `granted`, `held`, `!` and a code, or why Redis could not write.
 */
export const look = script(
  "look",
  `${time}local entry = redis.call('GET', KEYS[1]) or ''
local due, id = string.match(entry, '^%d+ %d+ (%d+) %d+ (%S+) ')
local serves = due and id ~= ARGV[3]
if serves and now < tonumber(due) then return {now, entry, '', 0, 'fresh'} end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then
  local rest = redis.call('PTTL', KEYS[2])
  local code, soon = string.match(holder, '^(!%S+) (%d+)$')
  if not code then return {now, entry, '', rest, 'held'} end
  if not serves then rest = tonumber(soon) - now end
  if rest > 0 then return {now, entry, '', rest, code} end
end
local last = tonumber(redis.call('GET', KEYS[3]) or '0')
local fence = string.format('%.0f', math.max(last + 1, t[1] * 1000000 + t[2]))
local written = redis.pcall('SET', KEYS[3], fence, 'PX', ${day})
if ${refused} then return {now, entry, '', 0, written.err} end
written = redis.pcall('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
if ${refused} then return {now, entry, '', 0, written.err} end
return {now, entry, fence, tonumber(ARGV[2]), 'granted'}`
)

/**
 * Keeps the lease for longer. ARGV: the token, how long in ms. Gives 1, or 0 where it is no longer the token's.
 */
export const extend = script(
  "extend",
  "if redis.call('GET', KEYS[2]) == ARGV[1] then return {redis.call('PEXPIRE', KEYS[2], ARGV[2])} end return {0}"
)

/**
 * Puts an entry and ends the lease. One whose lease has ended is taken all the same unless somebody else was granted the
 * lease since: it was paid for with a call.
 *
 * ARGV: the token, the fence, when the entry ends in ms, the entry, the channel.
 * Gives: the time, and 1, or 0 and the entry that stands, or -1 and why Redis could not write.
 */
export const put = script(
  "put",
  `${time}local last = tonumber(redis.call('GET', KEYS[3]) or '0')
local life = tonumber(ARGV[3]) - now
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.pcall('DEL', KEYS[2]) end
if tonumber(ARGV[2]) < last or life <= 0 then return {now, 0, redis.call('GET', KEYS[1]) or ''} end
local written = redis.pcall('SET', KEYS[1], ARGV[4], 'PX', string.format('%.0f', life))
if ${refused} then return {now, -1, written.err} end
redis.pcall('SET', KEYS[3], ARGV[2], 'PX', ${day})
redis.pcall('PUBLISH', ARGV[5], '1')
return {now, 1, ''}`
)

/**
 * Says that the source failed, so that nobody asks it for a while.
 *
 * ARGV: the token, a code, for how long in ms who finds no entry leaves the source alone, for how long who does, the
 * channel. Gives 1, or 0 where the lease is no longer the token's.
 */
export const fail = script(
  "fail",
  `${time}if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {0} end
redis.pcall('SET', KEYS[2], string.format('!%s %.0f', ARGV[2], now + ARGV[3]), 'PX', ARGV[4])
redis.pcall('PUBLISH', ARGV[5], '0')
return {1}`
)

/** Ends a lease that nobody uses. ARGV: the token, the channel. Gives 1, or 0 where it is no longer the token's. */
export const release = script(
  "release",
  `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return {0} end
redis.call('DEL', KEYS[2])
redis.pcall('PUBLISH', ARGV[2], '0')
return {1}`
)

/** Removes the entry if it is the one with this id. ARGV: the id. Gives how many were removed. */
export const invalidate = script(
  "invalidate",
  `local entry = redis.call('GET', KEYS[1]) or ''
if string.match(entry, '^%d+ %d+ %d+ %d+ (%S+) ') == ARGV[1] then return {redis.call('DEL', KEYS[1])} end
return {0}`
)

/**
 * Books a place among an account's calls, by the generic cell rate algorithm: whoever waits as told need not ask again.
 *
 * KEYS: 1 when the next place is. ARGV: microseconds between two calls, how many may come at once, the longest wait in ms.
 * Gives how long to wait in ms; -1 and no place where that would be longer.
 *
 * Source: ITU-T Recommendation I.371, the generic cell rate algorithm.
 */
export const reserve = script(
  "reserve",
  `local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local every = tonumber(ARGV[1])
local place = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = math.max(0, place - now - every * (tonumber(ARGV[2]) - 1))
if wait > tonumber(ARGV[3]) * 1000 then return {-1} end
place = place + every
redis.call('SET', KEYS[1], string.format('%.0f', place), 'PX', string.format('%.0f', math.ceil((place - now) / 1000) + 1000))
return {math.ceil(wait / 1000)}`
)
