import type { Point } from '$lib/platform';

/** Milliseconds to wait for the device's position; the work never waits longer. */
const PATIENCE = 4000;

/**
 * Where the device believes to be, or nothing: refused, absent, too slow, or the 0,0 that a stub gives.
 */
export function here(): Promise<GeolocationCoordinates | null> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null);
    const timer = setTimeout(() => resolve(null), PATIENCE);
    const done = (coords: GeolocationCoordinates | null) => {
      clearTimeout(timer);
      resolve(coords);
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => done(isReal(coords, timestamp) ? coords : null),
      () => done(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 30_000 },
    );
  });
}

/** A stub of the geolocation plugin answers 0,0 at time 0 as if it were true. */
export function isReal(coords: { latitude: number; longitude: number }, timestamp: number): boolean {
  return timestamp > 0 && !(coords.latitude === 0 && coords.longitude === 0);
}

/** The device's position as records write it. */
export function asPoint(coords: GeolocationCoordinates): Point {
  return { lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy, source: 'device' };
}
