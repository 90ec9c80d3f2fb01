/** How long after waking up: parts that wait for something come a little later. */
const WATCH_MS = 3_000;
const EVERY_MS = 50;

let over: () => void = () => {};

/** The page has woken up: its root says so once it is mounted. */
export const awake = (): void => over();

type TextField = HTMLInputElement | HTMLTextAreaElement;

/**
 * Keeps what somebody types while the page wakes up. A page from the server can be typed into at once; when its script
 * takes over, fields that came with a value get that value again (SvelteKit 3.2), and on a slow PC what was typed
 * meanwhile would be gone. Call it before the app starts; it ends soon after `awake()`, at a submit at the latest.
 */
export function keepEarlyTyping(): void {
  const typed = new Map<string, string>();
  const note = ({ target }: Event) => {
    if (isTextField(target)) typed.set(target.name, target.value);
  };
  for (const field of document.querySelectorAll('input, textarea')) {
    if (isTextField(field) && field.value !== field.defaultValue) typed.set(field.name, field.value);
  }
  document.addEventListener('input', note, true);
  document.addEventListener('submit', end, true);
  const timer = setInterval(giveBack, EVERY_MS);
  over = () => setTimeout(end, WATCH_MS);

  function giveBack(): void {
    for (const [name, value] of typed) {
      const field = document.getElementsByName(name)[0];
      if (!isTextField(field) || field.value === value) continue;
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  function end(): void {
    clearInterval(timer);
    document.removeEventListener('input', note, true);
    document.removeEventListener('submit', end, true);
  }
}

function isTextField(target: unknown): target is TextField {
  if (target instanceof HTMLTextAreaElement) return target.name !== '';
  return (
    target instanceof HTMLInputElement &&
    target.name !== '' &&
    ['text', 'email', 'password', 'search', 'tel', 'url'].includes(target.type)
  );
}
