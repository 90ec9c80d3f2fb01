import type { SyncEnd } from '@engawa/schema';

/** How it stands between this page and the shared document. */
export type DocPhase =
  /** Not yet: the server's page is shown. */
  | 'connecting'
  /** Not after a while either: many networks block WebSockets. The page stays readable, and it keeps trying. */
  | 'blocked'
  | 'live'
  /** It was live; what is typed is kept on this device when `kept` says so. */
  | 'offline'
  /** Over, for the reason in `end`. */
  | 'ended';

/** What the page shows about a document; `DocConnection` writes it. Made by the page, so that its bar can show it too. */
export class DocState {
  phase = $state<DocPhase>('connecting');
  /** Whether the editor has taken the place of the server's page. */
  ready = $state(false);
  saved = $state<'saved' | 'saving' | 'unsaved'>('saved');
  /** A confirmed composition that is still on its way into the document. */
  held = $state(false);
  /** Others' edits wait until the composition ends. */
  waiting = $state(false);
  suspended = $state(false);
  /** Whether this device has a copy; without one, what is typed lasts as long as the page. */
  kept = $state(true);
  readOnly = $state(false);
  end = $state<SyncEnd | null>(null);
  /** The person's own text that could not be saved, to be copied or downloaded. */
  rescued = $state('');
  /** Something was not taken because the item has grown too large. */
  full = $state(false);

  /** Whether something could not be saved that the person has not been told of. */
  readonly lost = $derived(this.rescued !== '' || this.full);

  /** The person has it, or does not want it. */
  drop(): void {
    this.rescued = '';
    this.full = false;
  }

  /** The word in the bar. 保存済み only when nothing typed here is anywhere but on the server. */
  readonly word = $derived.by(() => {
    if (this.phase === 'ended') return 'none';
    if (this.phase === 'connecting' || this.phase === 'blocked') return this.phase;
    if (this.phase === 'offline') return 'offline';
    if (this.readOnly) return 'reading';
    if (this.suspended) return 'unsaved';
    if (this.held && this.saved === 'saved') return 'saving';
    return this.saved;
  });
}
