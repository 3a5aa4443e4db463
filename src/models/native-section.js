// Plain JavaScript, because both session-thread.ts and the thread's own session-worker.js need it, and Node runs the
// latter as it stands.

const OUTSIDE = 0;
const INSIDE = 1;
const HELD = 2;

/**
 * A flag that a thread and the thread that started it share: is the former in native code? A process that ends in the
 * middle of onnxruntime's native code is aborted ("terminate called after throwing an instance of 'Napi::Error'",
 * exit status 134), so it must not end before the thread has come out. A new thread is inside until its modules are
 * loaded.
 * @returns {Int32Array} over shared memory
 */
export function createSection() {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(INSIDE);
}

/**
 * Called by the thread before native code.
 * @param {Int32Array} section
 * @returns {boolean} false where the process is ending: the thread must stay out
 */
export function enter(section) {
  return Atomics.compareExchange(section, 0, OUTSIDE, INSIDE) !== HELD;
}

/**
 * Called by the thread after native code.
 * @param {Int32Array} section
 */
export function leave(section) {
  Atomics.store(section, 0, OUTSIDE);
  Atomics.notify(section, 0);
}

/**
 * Called by the thread that started it: waits until it has come out, and keeps it out from then on.
 * @param {Int32Array} section
 * @param {number} timeout milliseconds, at most
 */
export function keepOut(section, timeout) {
  const end = performance.now() + timeout;
  while (Atomics.compareExchange(section, 0, OUTSIDE, HELD) === INSIDE) {
    const left = end - performance.now();
    if (left <= 0) return;
    Atomics.wait(section, 0, INSIDE, left);
  }
}
