/**
 * A clock whose sleep parks the fiber.
 *
 * @since 0.1.0
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import { systemClock } from "../../services/fiber.js"
import type { ParkingLot } from "./ParkingLot.js"

const never = () => false

/**
 * The system's time, with waits in a parking lot.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (lot: ParkingLot): Clock.Clock => {
  const parking: Clock.Clock = Object.create(systemClock)
  return Object.assign(parking, {
    sleep: (duration: Duration.Duration) => lot.wait(Duration.toMillis(duration), never)
  })
}
