/** The sessions that a cloud issued credentials for. */
import * as Duration from "effect/Duration"
import { Remembered } from "./Remembered.js"

// Long enough for the longest session to be called expired rather than unknown.
const memory = Duration.toMillis("48 hours")

/** Sessions by their token, and the access keys that belong to them. */
export class Sessions<Session> {
  private readonly byToken = new Remembered<Session>(memory)
  private readonly byAccessKeyId = new Remembered<Session>(memory)

  /** Notes a session that was issued. */
  add(session: Session, accessKeyId: string, token: string, now: number): void {
    this.byToken.set(token, session, now)
    this.byAccessKeyId.set(accessKeyId, session, now)
  }

  /** The session of a token, expired or not. */
  find(token: string, now: number): Session | undefined {
    return this.byToken.get(token, now)
  }

  /** The session that an access key was issued with, expired or not. */
  findByKey(accessKeyId: string, now: number): Session | undefined {
    return this.byAccessKeyId.get(accessKeyId, now)
  }
}
