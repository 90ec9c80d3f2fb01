/** A person's own unsent text, when the page it was typed on had to be taken away. Only ever in the browser. */
class Rescue {
  text = $state('');

  /** A page and the review of this device may both find the same words. */
  add(text: string): void {
    if (!this.text.includes(text)) this.text = [this.text, text].filter((part) => part !== '').join('\n');
  }
}

export const rescue = new Rescue();
