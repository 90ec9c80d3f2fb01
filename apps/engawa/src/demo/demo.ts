import { migrate, type Sql } from '@engawa/db';
import { provideServices } from '@engawa/domain';
import type { Config } from '../config.ts';
import { makeServices } from '../provide.ts';
import { fillDemo } from './fill.ts';

/** `npm run demo`: fills the instance and says who can sign in, and where. */
export async function demo(config: Config, sql: Sql): Promise<void> {
  await migrate(sql);
  const services = makeServices(config, sql);
  provideServices(services);
  const { password, people, spaceId } = await fillDemo(services);
  const width = Math.max(...people.map((person) => person.email.length));
  console.log(`
  The demo is in place: ${services.origin}/s/${spaceId}
  Everybody signs in with the password  ${password}

${people.map((p) => `  ${p.email.padEnd(width)}  ${p.name}（${p.organisation}）`).join('\n')}

  Organisations and people are invented; the material comes from public documents, named in each text.
`);
}
