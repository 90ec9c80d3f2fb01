/** A person's own unsent text, when the page it was typed on had to be taken away. Only ever in the browser. */
class Rescue {
  text = $state('');
}

export const rescue = new Rescue();
