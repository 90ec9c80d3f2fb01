-- Everything is found by its name: folded to one form, and indexed by its single characters and pairs of them, so
-- that Japanese is found from the first character on.

-- Width and case (NFKC, lower), and katakana to hiragana.
create function fold_name(name text) returns text language sql immutable strict parallel safe as $$
  select translate(lower(normalize(name, NFKC)),
    'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ',
    'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ')
$$;

create function name_grams(folded text) returns text[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(distinct substr(folded, at, length)), '{}')
  from generate_series(1, char_length(folded)) at, generate_series(1, 2) length
$$;

create index items_by_name on items using gin (name_grams(fold_name(title)));
