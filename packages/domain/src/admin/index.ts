export { addAffiliation, addPerson, endAffiliation } from './affiliations.ts';
export { installation, leaveNode, noteBackup, reportNode } from './installation.ts';
export { createGroup, groups, organisation, organisations } from './organisations.ts';
export { outbox, outboxMail } from './outbox.ts';
export { restorePerson, suspendPerson } from './suspensions.ts';
