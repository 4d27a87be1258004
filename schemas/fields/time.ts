/** Instants as records write them: ISO 8601 with a zone, to milliseconds since 1970 in UTC. */
import { EVENT_TIME_MS_MAX, EVENT_TIME_MS_MIN } from '../audit-event.ts';
import type { RejectionReason } from '../rejection.ts';

/** Why a text is no instant. */
export type TimeRejection = Extract<RejectionReason, 'time-invalid' | 'time-without-zone' | 'time-out-of-range'>;

const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
const NO_NUMBER = -1;

/**
 * ISO 8601 date and time with a zone: `2026-11-22T10:00:00Z`, `…10:00:00.123456+02:00`, `…+0200`, `…+02`. What is
 * finer than a millisecond is cut. The leap second 23:59:60 UTC is the first instant of the next day, as in POSIX time.
 *
 * @returns ms since 1970 UTC, or the code of the rejection
 */
export function parseInstant(text: string): number | TimeRejection {
  const day = parseDay(text);
  if (day === undefined) return /^[+-][0-9]{6}-[0-9]{2}-[0-9]{2}T/.test(text) ? 'time-out-of-range' : 'time-invalid';
  if (text.length === 10) return 'time-without-zone';
  const separator = text.charCodeAt(10);
  // T, t and the space that databases write.
  if (separator !== 84 && separator !== 116 && separator !== 32) return 'time-invalid';
  const hour = twoDigits(text, 11);
  const minute = text.charCodeAt(13) === 58 ? twoDigits(text, 14) : NO_NUMBER;
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return 'time-invalid';
  let second = 0;
  let ms = 0;
  let at = 16;
  if (text.charCodeAt(16) === 58) {
    second = twoDigits(text, 17);
    if (second < 0 || second > 60) return 'time-invalid';
    at = 19;
    const mark = text.charCodeAt(19);
    if (mark === 46 || mark === 44) {
      at = endOfDigits(text, 20);
      if (at === 20) return 'time-invalid';
      ms = digitAt(text, 20) * 100 + digitAt(text, 21) * 10 + digitAt(text, 22);
    }
  }
  // 24:00 is the end of the day, and no later time of it exists.
  if (hour === 24 && (minute !== 0 || second !== 0 || ms !== 0)) return 'time-invalid';
  const offset = parseOffset(text, at);
  if (typeof offset === 'string') return offset;
  const instant = day + hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * MS_PER_SECOND + ms - offset;
  if (second === 60 && (((instant - ms) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY !== 0) return 'time-invalid';
  return inRange(instant);
}

/** Milliseconds since 1970 UTC as a number or as its digits; fractions are cut. */
export function parseEpochMs(value: number | string): number | TimeRejection {
  if (typeof value === 'string' && !/^-?[0-9]{1,20}$/.test(value)) return 'time-invalid';
  const ms = Math.trunc(Number(value));
  return Number.isFinite(ms) ? inRange(ms) : 'time-invalid';
}

/** The ISO text of an instant, in UTC with milliseconds. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString();
}

function inRange(ms: number): number | TimeRejection {
  // Adding 0 turns the -0 of a cut fraction into 0.
  return ms >= EVENT_TIME_MS_MIN && ms <= EVENT_TIME_MS_MAX ? ms + 0 : 'time-out-of-range';
}

// Records come in order of time, so nearly every one is of the day of the record before.
let cachedDay = -1;
let cachedDayMs = 0;

/** @returns the midnight of the date that the text begins with, in ms; nothing when there is no such date */
function parseDay(text: string): number | undefined {
  const century = twoDigits(text, 0);
  const yearOfCentury = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (century < 0 || yearOfCentury < 0 || month < 0 || day < 0) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  const year = century * 100 + yearOfCentury;
  const key = (year * 100 + month) * 100 + day;
  if (key === cachedDay) return cachedDayMs;
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  cachedDay = key;
  cachedDayMs = daysSince1970(year, month, day) * MS_PER_DAY;
  return cachedDayMs;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Counted from the first of March, so that the leap day ends a year. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const monthFromMarch = (month + 9) % 12;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return 365 * shifted + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 1 - 719_468;
}

/** @returns ms east of UTC; the zone must end the text */
function parseOffset(text: string, at: number): number | TimeRejection {
  if (text.length === at) return 'time-without-zone';
  const sign = text.charCodeAt(at);
  if (sign === 90 || sign === 122) return text.length === at + 1 ? 0 : 'time-invalid';
  if (sign !== 43 && sign !== 45) return 'time-invalid';
  const hours = twoDigits(text, at + 1);
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0;
  const short = text.length === at + 3;
  const minutes = short ? 0 : twoDigits(text, at + 3 + colon);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return 'time-invalid';
  if (!short && text.length !== at + 5 + colon) return 'time-invalid';
  const ms = hours * MS_PER_HOUR + minutes * MS_PER_MINUTE;
  return sign === 45 ? -ms : ms;
}

/** @returns the number that two digits write, -1 when there are none */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  // Beyond the end the code is NaN, and no comparison with NaN holds.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_NUMBER;
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : 0;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at;
}
