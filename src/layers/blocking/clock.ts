/**
 * A clock whose sleep parks the fiber.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import type { ParkingLot } from "./ParkingLot.js"

const never = () => false

/**
 * The system's time, with waits in a parking lot.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (lot: ParkingLot): Clock.Clock => {
  const system = Clock.make()
  return {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => system.unsafeCurrentTimeMillis(),
    unsafeCurrentTimeNanos: () => system.unsafeCurrentTimeNanos(),
    currentTimeMillis: system.currentTimeMillis,
    currentTimeNanos: system.currentTimeNanos,
    sleep: (duration) => lot.wait(Duration.toMillis(duration), never)
  }
}
