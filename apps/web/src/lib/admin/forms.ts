import {
  AddAffiliationInput,
  AddPersonInput,
  CreateGroupInput,
  Day,
  EndAffiliationInput,
  Id,
  RestorePersonInput,
  SuspendPersonInput,
} from '@engawa/schema';
import * as v from 'valibot';

/** A form sends an empty field as an empty text; here it means that nothing was chosen. */
const orNothing = <S extends v.GenericSchema<string, string>>(schema: S) =>
  v.pipe(
    v.optional(v.string(), ''),
    v.transform((text) => text.trim() || null),
    v.nullable(schema as v.GenericSchema<string, string>),
  );

const affiliation = { groupId: orNothing(Id), from: orNothing(Day), until: orNothing(Day) };

// The domain's own inputs as forms send them.
export const AddPersonForm = v.object({ ...AddPersonInput.entries, ...affiliation });
export const AddAffiliationForm = v.object({ ...AddAffiliationInput.entries, ...affiliation });
export const EndAffiliationForm = v.object({ ...EndAffiliationInput.entries, until: orNothing(Day) });
export const SuspendPersonForm = SuspendPersonInput;
export const RestorePersonForm = RestorePersonInput;
export const CreateGroupForm = CreateGroupInput;
