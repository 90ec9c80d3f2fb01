import { m } from '#lib/paraglide/messages.js';

export interface AudienceFacts {
  staff: number;
  guests: number;
  organisations: string[];
  guestOrganisations: string[];
  everyone: 'nobody' | 'signed_in' | 'public';
}

/** Who can see this now, in one sentence. */
export function audienceSentence(facts: AudienceFacts): string {
  if (facts.everyone === 'public') return m.audience_public();
  if (facts.everyone === 'signed_in') return m.audience_signed_in();
  const parts = [
    ...facts.organisations.map((name) => m.audience_all_of({ name })),
    facts.staff > 0 && m.audience_staff({ count: facts.staff }),
    facts.guests > 0 && facts.guestOrganisations.length > 0
      ? m.audience_guests_of({ count: facts.guests, organisations: named(facts.guestOrganisations) })
      : facts.guests > 0 && m.audience_guests({ count: facts.guests }),
  ].filter((part) => part !== false);
  return m.audience_sees({ who: parts.join(m.comma()) });
}

/** Up to four by name, else three and how many more: a sentence, not a list. */
function named(organisations: string[]): string {
  if (organisations.length <= 4) return organisations.join(m.comma());
  return [...organisations.slice(0, 3), m.audience_more({ count: organisations.length - 3 })].join(m.comma());
}
