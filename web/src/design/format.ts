const number = new Intl.NumberFormat('en');

export function count(n: number): string {
  return number.format(n);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 0.42 s, 12.3 s, 4 min 5 s, 2 h 3 min. */
export function duration(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  if (s < 10) return `${s.toFixed(2)} s`;
  if (s < 60) return `${s.toFixed(1)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** While something runs, digits after the point would only flicker. */
export function elapsed(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  return s < 60 ? `${s < 10 ? s.toFixed(1) : Math.floor(s)} s` : duration(ms);
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'short', hourCycle: 'h23' });
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

export function when(at: number, now = Date.now()): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (new Date(at).toDateString() === new Date(now).toDateString()) return `today ${clock.format(at)}`;
  if (minutes < 60 * 24 * 6) return `${plural(Math.max(1, Math.round(minutes / 1440)), 'day')} ago`;
  return day.format(at);
}

export function onDay(at: number): string {
  return day.format(at);
}

export function timeOfDay(at: number): string {
  return clock.format(at);
}

export function exactly(at: number): string {
  return full.format(at);
}
