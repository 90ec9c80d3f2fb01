/** The people and places of the demo. Organisations and persons are invented; the material is from the sources named in each text. */
export interface DemoPerson {
  key: string;
  name: string;
  kana: string;
  email: string;
  organisation: string;
  post: string;
}

export const HOST = { name: 'とちのき県', kana: 'とちのきけん' };

export const ADMINISTRATOR: DemoPerson = {
  key: 'administrator',
  name: '小林 真由美',
  kana: 'こばやし まゆみ',
  email: 'kobayashi@pref.example.jp',
  organisation: HOST.name,
  post: '行政改革ICT推進課 課長補佐',
};

/** The host's own people besides the administrator. */
export const OFFICERS: (DemoPerson & { group: string; groupKana: string })[] = [
  {
    key: 'officer',
    name: '渡辺 拓海',
    kana: 'わたなべ たくみ',
    email: 'watanabe@pref.example.jp',
    organisation: HOST.name,
    post: '主任',
    group: '行政改革ICT推進課',
    groupKana: 'ぎょうせいかいかくあいしーてぃーすいしんか',
  },
  {
    key: 'archivist',
    name: '阿部 千夏',
    kana: 'あべ ちなつ',
    email: 'abe@pref.example.jp',
    organisation: HOST.name,
    post: '主事',
    group: '文書学事課',
    groupKana: 'ぶんしょがくじか',
  },
];

/** Invited from outside, each with a role on the space or on one folder of it. */
export const GUESTS: (DemoPerson & { role: 'editor' | 'commenter' | 'viewer'; folder?: string })[] = [
  {
    key: 'clerk',
    name: '𠮷田 さくら',
    kana: 'よしだ さくら',
    email: 'yoshida@town-mashiro.example.jp',
    organisation: 'ましろ町',
    post: '企画課 主査',
    role: 'editor',
  },
  {
    key: 'second-clerk',
    name: '大塚 健',
    kana: 'おおつか たけし',
    email: 'otsuka@town-nagi.example.jp',
    organisation: 'なぎ町',
    post: '総務課 係長',
    role: 'commenter',
  },
  {
    key: 'engineer',
    name: '森 あかり',
    kana: 'もり あかり',
    email: 'mori@asahi-systems.example.jp',
    organisation: '株式会社あさひシステム',
    post: '技術部',
    role: 'editor',
    folder: '検討',
  },
  {
    key: 'researcher',
    name: '石川 遥',
    kana: 'いしかわ はるか',
    email: 'ishikawa@univ.example.jp',
    organisation: 'とちのき大学',
    post: '地域連携室 准教授',
    role: 'editor',
    folder: '共同研究',
  },
  {
    key: 'citizen',
    name: '中村 一',
    kana: 'なかむら はじめ',
    email: 'nakamura@citizen.example.jp',
    organisation: '県民',
    post: '',
    role: 'viewer',
    folder: '検討',
  },
];

export const SPACE = {
  name: 'データ共有円滑化',
  purpose:
    '県の外の人とも、安全に、その場で資料を作れるようにする。まず町の照会を一つ、添付を使わずに最後まで行い、続け方を決める。',
};

export const SECOND_SPACE = {
  name: '業務革新ネットワーク',
  purpose: '業務の見直しでうまくいったこと、いかなかったことを持ち寄り、次の所属がすぐ使える形で残す。',
};

/** Folders in order; documents are files of `apps/engawa/demo/<folder>/`, named by their first heading. */
export const FOLDERS: { title: string; from: string; documents: string[] }[] = [
  { title: 'はじめに', from: 'start', documents: ['about.md', 'words.md'] },
  { title: '現状と課題', from: 'issues', documents: ['now-and-goal.md', 'survey.md'] },
  { title: '検討', from: 'plan', documents: ['requirements.md', 'elsewhere.md', 'schedule.md'] },
  { title: '会議', from: 'meetings', documents: ['first.md', 'second.md'] },
  { title: '共同研究', from: 'research', documents: ['how.md', 'idea.md'] },
];
