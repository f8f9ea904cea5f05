/** What calls somebody who does not look at the page, and what they chose of it. */
import type { Meant, SayEvent } from './wire.d.ts';
import type { RoomKind } from './types.d.ts';

/** Of which messages in a room somebody wants to be told: of nothing in one that is muted. */
export type AlertLevel = 'all' | 'mentions' | 'nothing';
/** From and to are times of day, `22:00`, by the clock of the device. */
export interface QuietHours { on: boolean; from: string; to: string }
/** `flash`: the title calls; `text`: notifications show what was said and by whom. */
export interface AlertSettings { flash: boolean; text: boolean; quiet: QuietHours }
/** In one browser: the sound and its volume, 0 to 1; notifications of the system. */
export interface DeviceAlerts { sound: boolean; volume: number; native: boolean }
/** Somebody else said something: with its event where that is held, `meant` where the hub says that it is for me. */
export interface News { room: string; n: number; event?: SayEvent; meant?: boolean }
/** What somebody is called for; `words` are plain. */
export interface Alert { room: string; n: number; kind: RoomKind; title: string; by: string; words: string }
/** What of a message tells whom it is for. */
export interface Addressed { to?: Meant }
export type NotificationState = 'insecure' | 'missing' | 'denied' | 'askable' | 'allowed';
