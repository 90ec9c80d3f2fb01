/** What may come per second on average, and at once. */
export interface Limits {
  messages: { rate: number; burst: number };
  bytes: { rate: number; burst: number };
}

/** Two token buckets: says of each message whether it is still within what is allowed. One that is not costs nothing. */
export function createAllowance({ messages, bytes }: Limits, now = () => performance.now()) {
  let [count, size, last] = [messages.burst, bytes.burst, now()];
  return (length: number): boolean => {
    const passed = (now() - last) / 1000;
    last += passed * 1000;
    count = Math.min(messages.burst, count + passed * messages.rate);
    size = Math.min(bytes.burst, size + passed * bytes.rate);
    if (count < 1 || size < length) return false;
    count -= 1;
    size -= length;
    return true;
  };
}
