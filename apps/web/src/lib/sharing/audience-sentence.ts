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
      ? m.audience_guests_of({ count: facts.guests, organisations: facts.guestOrganisations.join(m.comma()) })
      : facts.guests > 0 && m.audience_guests({ count: facts.guests }),
  ].filter((part) => part !== false);
  return m.audience_sees({ who: parts.join(m.comma()) });
}
