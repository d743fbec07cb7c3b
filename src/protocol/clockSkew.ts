/**
 * How far a service's clock is from ours.
 *
 * Source: the clock-skew behaviour that the vendors' SDKs share (2026 revision).
 *
 * @since 0.1.0
 */

/**
 * One round trip by our own clock, in milliseconds since 1970, and the reply's headers that tell its time.
 *
 * @category models
 * @since 0.1.0
 */
export interface RoundTrip {
  readonly sentAt: number
  readonly receivedAt: number
  readonly date: string | undefined
  readonly age: string | undefined
}

/**
 * Milliseconds to add to our clock to get the service's, measured at the middle of the round trip. Unknown for a
 * reply without a date, one from a cache (`Age`), or a trip too long to trust.
 *
 * @category time
 * @since 0.1.0
 */
export const offsetMillis = (trip: RoundTrip, maxRoundTripMillis: number): number | undefined => {
  if (trip.date === undefined || trip.age !== undefined) return undefined
  const served = Date.parse(trip.date)
  const took = trip.receivedAt - trip.sentAt
  if (Number.isNaN(served) || took < 0 || took > maxRoundTripMillis) return undefined
  return Math.round(served - (trip.sentAt + took / 2))
}
