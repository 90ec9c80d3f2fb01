import { CONTENT, unsentText } from '@engawa/editor/browser';
import { ownWords } from '#lib/boards/own-words.ts';
import { rescue } from '#lib/docs/rescue.svelte.ts';
import { unsentIn } from '#lib/live/unsent-in.ts';

/** Offers a person their own unsent words in copies that this device must forget, of documents and boards alike. */
export async function handBack(copyNames: string[]): Promise<void> {
  for (const name of copyNames) {
    rescue.add(
      await unsentIn(name, (doc, unsaved) =>
        [unsentText(doc.getXmlFragment(CONTENT), unsaved), ownWords(doc, unsaved)].join(''),
      ),
    );
  }
}
